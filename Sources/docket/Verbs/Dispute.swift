import ArgumentParser
import Audit
import Engine
import EventLog

/// `docket dispute`
struct Dispute: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write everything on one dispute into one file, and tell its story.",
        discussion: """
            ID is a complaint, or with its kind complaint:ID, request:ID or withdrawal:ID. The file holds the entries \
            that matter with the proofs that the log has them, the rules in force, and the rows from which each decision \
            can be derived again: `docket check FILE --key VKEY` does it with no ledger and no network.

            Exits 1 when nothing is recorded about ID, or a decision is not what the rules give, 3 when a decision about ID \
            cannot be derived again from a bundle.

            Examples:
              docket dispute COMP-001 -o COMP-001.dispute
              docket dispute withdrawal:W-7 -o W-7.dispute --html W-7.html
            """)

    @Argument(help: ArgumentHelp("A complaint, a request or a withdrawal.", valueName: "id"))
    var id: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write the bundle; `-` for stdout.", valueName: "file"),
        completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp("Where to write the story as a page that prints well.", valueName: "file"),
        completion: .file())
    var html: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var format: OutputOptions

    func validate() throws {
        guard DisputeSubject(id) != nil else {
            let kinds = DisputeSubject.Kind.allCases.map { "`\($0.rawValue):ID`" }.joined(separator: ", ")
            throw ValidationError("`\(id)` is none of \(kinds)")
        }
    }

    func run() throws {
        guard let subject = DisputeSubject(id) else { return }
        let log = try EventLog.openReader(directory: data.directory.log)
        guard let made = try DisputeBundle.make(subject, from: log, isThreaded: true) else {
            throw Failure(.refused, "no entry is about `\(subject)`")
        }
        try FileText.write(made.bytes, to: output)
        if let html { try FileText.write(made.check.html, to: html) }
        if output != "-" { made.check.printed(asJSON: format.json) }
        guard let objection = made.check.objection else { return }
        if made.check.verdict == .incomplete { throw Failure(.stale, "the bundle is not complete: \(objection)") }
        throw Failure(.refused, "the rules do not give what the log holds: \(objection)")
    }
}

extension DisputeCheck {
    func printed(asJSON: Bool) {
        if asJSON { Console.line(json) } else { Console.page(text) }
    }
}
