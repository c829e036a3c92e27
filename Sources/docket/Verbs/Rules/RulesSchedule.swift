import ArgumentParser
import Audit
import EventLog
import FoundationEssentials

/// `docket rules schedule`
struct RulesSchedule: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "List, show and take back rule sets that come into force at a later time.",
        discussion: """
            `docket rules activate --effective-from` schedules them.

            Examples:
              docket rules schedule list
              docket rules schedule show 58
              docket rules schedule cancel 58
            """,
        subcommands: [RulesScheduleList.self, RulesScheduleShow.self, RulesScheduleCancel.self])
}

/// An activation that names a time, as the service and this program print it.
struct ScheduledRuleSet: Codable {
    let activated: UInt64
    let digest: String
    let effectiveFrom: String
    let status: String

    /// `#58  2026-12-01T00:00:00.000Z  cdb616bacd36…`
    var text: String { line(effectiveFrom) }

    /// The same with the time in another form.
    func line(_ time: String) -> String {
        let end = status == "scheduled" ? "" : "  " + status.split(separator: "-").joined(separator: " ")
        return "#\(activated)  \(time)  \(digest.prefix(12))…\(end)"
    }
}

/// Reads schedules from the data directory or, if a socket is named, from the service.
private struct ScheduleSource {
    let service: SocketOptions

    func read() throws -> [(item: ScheduledRuleSet, line: String)] {
        guard service.socket == nil else {
            struct Listing: Decodable { let schedule: [ScheduledRuleSet] }
            return try JSONDecoder().decode(Listing.self, from: get("/v1/rulesets")).schedule.map { ($0, $0.text) }
        }
        let replay = try Replay.open(dataDirectory: service.data)
        try replay.fold()
        return try RuleSetList(replay).schedules.map {
            let item = ScheduledRuleSet(
                activated: $0.activated, digest: $0.digest, effectiveFrom: $0.effectiveFrom, status: $0.status)
            return (item, item.line($0.shownTime))
        }
    }

    func read(_ sequence: UInt64) throws -> (item: ScheduledRuleSet, line: String) {
        guard let found = try read().first(where: { $0.item.activated == sequence }) else {
            throw Failure(.refused, "entry \(sequence) did not schedule a rule set")
        }
        return found
    }

    func entry(_ sequence: UInt64) throws -> Data {
        guard service.socket == nil else { return try get("/v1/events/\(sequence)") }
        return Data(try Replay.open(dataDirectory: service.data).log.entry(sequence) ?? [])
    }

    private func get(_ call: String) throws -> Data {
        let response = try HTTPClient(path: service.path).send("GET", call)
        guard response.isSuccess else {
            throw Failure(.couldNotRun, ProblemDetails.decode(response.body)?.text ?? "status \(response.status)")
        }
        return Data(response.body)
    }
}

/// `docket rules schedule list`
struct RulesScheduleList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the rule sets that will come into force, in order.",
        discussion: """
            Reads the data directory, or with --socket asks the service.

            Examples:
              docket rules schedule list
              docket rules schedule list --all --json
            """)

    @Flag(help: "Also those that came into force or were cancelled.")
    var all = false

    @OptionGroup var service: SocketOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        for (item, line) in try ScheduleSource(service: service).read() where all || item.status == "scheduled" {
            if output.json { try Console.json(item) } else { Console.line(line) }
        }
    }
}

/// `docket rules schedule show`
struct RulesScheduleShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one schedule: who made it, when, and the files of its rule set.",
        discussion: """
            `docket rules show DIGEST --file NAME` prints a file.

            Example: docket rules schedule show 58
            """)

    @Argument(help: "The entry that scheduled the rule set.")
    var sequence: UInt64

    @OptionGroup var service: SocketOptions
    @OptionGroup var output: OutputOptions

    private struct Entry: Decodable {
        struct Content: Decodable { let files: [String: String] }
        let authid: String, recordedtime: String, data: Content
    }

    private struct Shown: Encodable {
        let activated: UInt64, digest: String, effectiveFrom: String, status: String
        let by: String, recorded: String, files: [String: String]
    }

    func run() throws {
        let source = ScheduleSource(service: service)
        let (item, line) = try source.read(sequence)
        let entry = try JSONDecoder().decode(Entry.self, from: source.entry(sequence))
        if output.json {
            return try Console.json(
                Shown(
                    activated: item.activated, digest: item.digest, effectiveFrom: item.effectiveFrom,
                    status: item.status, by: entry.authid, recorded: entry.recordedtime, files: entry.data.files))
        }
        Console.line(line)
        Console.line("  \(item.digest)")
        Console.line("  by \(entry.authid), recorded \(entry.recordedtime)")
        for (name, digest) in entry.data.files.sorted(by: { $0.key < $1.key }) {
            Console.line("  \(name)  \(digest.prefix(12))…")
        }
    }
}

/// `docket rules schedule cancel`
struct RulesScheduleCancel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Take back a rule set that has not come into force.",
        discussion: """
            Appends ruleset.schedule.cancelled; other schedules stand. Exits 1 where the schedule has ended: its rule set \
            is in force, or it was cancelled already.

            Example: docket rules schedule cancel 58
            """)

    @Argument(help: "The entry that scheduled the rule set.")
    var sequence: UInt64

    @OptionGroup var service: SocketOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Decodable { let sequence: UInt64, schedule: [ScheduledRuleSet] }

    func run() throws {
        let response = try HTTPClient(path: service.path).send("DELETE", "/v1/rulesets/schedule/\(sequence)")
        guard response.isSuccess else {
            throw Failure(
                response.status >= 500 ? .couldNotRun : .refused,
                ProblemDetails.decode(response.body)?.text ?? "status \(response.status)")
        }
        if output.json { return Console.line(response.body) }
        let answer = try JSONDecoder().decode(Answer.self, from: Data(response.body))
        Console.line("#\(answer.sequence): the schedule of #\(sequence) is cancelled")
        for other in answer.schedule { Console.message("still scheduled: \(other.text)") }
    }
}
