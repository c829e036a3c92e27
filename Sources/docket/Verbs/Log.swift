import ArgumentParser
import Audit
import Engine
import Glibc

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
              docket log --follow
            """)

    @OptionGroup var data: DataOptions

    @Option(help: ArgumentHelp("Start behind this sequence.", valueName: "n"))
    var after: UInt64?

    @Option(help: ArgumentHelp("Only entries of this type; `order.*` for all that start so.", valueName: "type"))
    var type: String?

    @Option(help: ArgumentHelp("Only entries whose subject this is: ORD-001, or order:ORD-001.", valueName: "id"))
    var subject: String?

    @Option(help: ArgumentHelp("Stop after so many.", valueName: "n"))
    var limit: Int?

    @Flag(help: "Go on with what is appended, until interrupted.")
    var follow = false

    @OptionGroup var output: OutputOptions

    private static let followMicroseconds: UInt32 = 200_000

    func run() throws {
        let reader = try LedgerReader(logDirectory: data.directory.log)
        var lines = EntryLines(reader, json: output.json)
        let filter = EntryFilter(type: type, subject: subject)
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
