import ArgumentParser
import Audit
import CommandKit
import Engine
import EventLog
import Glibc
import JSON

/// `docket log`
struct Log: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print entries, one a line.",
        discussion: """
            Decisions are set in under the trigger that caused them, each entry with its sentence; `docket explain` tells why.
            With --json each line is the entry's own bytes.

            Examples:
              docket log
              docket log --after 40 --type 'complaint.*'
              docket log --subject ORD-001 --json
              docket log --about U-ali
              docket log --follow
            """)

    @OptionGroup var data: DataOptions

    @Option(help: ArgumentHelp("Start behind this sequence.", valueName: "n"))
    var after: UInt64?

    @Option(help: ArgumentHelp("Only entries of this type; `order.*` for all that start so.", valueName: "type"))
    var type: String?

    @Option(help: ArgumentHelp("Only entries whose subject this is: ORD-001, or order:ORD-001.", valueName: "id"))
    var subject: String?

    @Option(
        help: ArgumentHelp(
            "Only entries that concern it: their subject, a value in their data, or a part of an account in it.",
            valueName: "id"))
    var about: String?

    @Option(help: ArgumentHelp("Stop after so many.", valueName: "n"))
    var limit: Int?

    @Flag(help: "Go on with what is appended, until interrupted.")
    var follow = false

    @OptionGroup var output: OutputOptions

    private static let followMicroseconds: UInt32 = 200_000

    func run() throws {
        let reader = try LedgerReader(logDirectory: data.directory.log)
        var lines = EntryLines(reader, json: output.json)
        let filter = EntryFilter(type: type, subject: subject, about: about)
        var left = limit ?? .max
        var next = after.map { $0 == .max ? $0 : $0 + 1 } ?? 0
        while left > 0 {
            next = try lines.print(from: next, filter: filter) { line in
                Console.line(line)
                left -= 1
                return left > 0
            }
            guard follow else { return }
            Console.flush()
            usleep(Self.followMicroseconds)
        }
    }
}

/// `docket replay`
struct ReplayVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Rebuild the projections as they were, from the log alone.",
        discussion: """
            Prints every record of the projections as they were after an entry or at a time; with --subject the entries \
            about one thing as a timeline, which exits 1 when no entry is about it.

            Examples:
              docket replay --to 2024-02-16T16:00:00Z
              docket replay --to 57 --projection complaints
              docket replay --subject order:ORD-001
              docket replay --json > state.ndjson
            """)

    @Option(help: ArgumentHelp("Up to this entry, or this time.", valueName: "sequence|time"))
    var to: String?

    @Option(
        help: ArgumentHelp(
            "The story of one thing: order:ORD-001, user:U-ali; the kind can be left out.", valueName: "id"))
    var subject: String?

    @Option(help: ArgumentHelp("Only this projection.", valueName: "name"))
    var projection: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let moment = try MomentOption.moment(to)
        let log = try EventLog.openReader(directory: data.directory.log)
        if let subject { return try printTimeline(of: subject, in: log, upTo: moment) }
        let replay = try Replay.folded(log, to: moment)
        if let projection, !replay.projections.contains(projection) {
            throw Failure(.couldNotRun, "`\(projection)` is none of \(replay.projections.joined(separator: ", "))")
        }
        for name in replay.projections where projection == nil || projection == name {
            printRecords(of: name, replay)
        }
        Console.message("\(Text.grouped(replay.position)) entries folded")
    }

    private func printRecords(of name: String, _ replay: Replay) {
        replay.records(of: name) { key, record in
            if output.json {
                Console.line(Self.json(name, key, record))
            } else {
                Console.line("\(name) \(key) \(String(decoding: record, as: UTF8.self))")
            }
            return true
        }
    }

    private static func json(_ projection: String, _ key: String, _ record: [UInt8]) -> [UInt8] {
        var writer = CanonicalWriter(capacity: 128)
        writer.string(key)
        return Array("{\"projection\":\"\(projection)\",\"key\":".utf8) + writer.bytes + Array(",\"record\":".utf8)
            + record
            + [0x7D]
    }

    private func printTimeline(of text: String, in log: EventLog, upTo moment: Moment?) throws {
        let name = try SubjectName.find(text, in: log)
        let timeline = try Timeline(of: name, in: log, upTo: moment)
        guard !timeline.sequences.isEmpty else { throw Failure(.refused, "no entry is about `\(text)`") }
        if output.json { Console.line(timeline.json) } else { Console.page(timeline.text) }
    }
}

extension Replay {
    /// A replay folded up to and including a moment, or to the newest entry; shows its progress.
    static func folded(_ log: EventLog, to moment: Moment?) throws -> Replay {
        let replay = try Replay(log)
        let progress = Progress("folding", total: log.size)
        try replay.fold(to: moment) { progress.update($0) }
        progress.finish()
        return replay
    }
}
