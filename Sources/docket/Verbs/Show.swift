import ArgumentParser
import Audit
import Engine
import EventLog

/// `docket show`
struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lay out one entry, account or record for reading.",
        discussion: """
            WHAT is an entry's sequence, an account, or a kind and an id. Kinds are \(RecordName.kinds); any other \
            projection by its name, a table of a rule file also without its s. Exits 1 when there is none.

            Examples:
              docket show 41
              docket show wallet/U-ali/PKR
              docket show order:ORD-001 --at 2024-02-15T15:00:00Z
              docket show complaint:COMP-001 --json
              docket show service:S-translate
            """)

    @Argument(help: "An entry, an account or a record.")
    var what: String

    @Option(help: ArgumentHelp("As it was after this entry, or at this time.", valueName: "sequence|time"))
    var at: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let moment = try MomentOption.moment(at)
        let reader = try LedgerReader(logDirectory: data.directory.log)
        guard let page = try page(reader, moment) else {
            throw Failure(.refused, "there is no `\(what)`" + (at.map { " at \($0)" } ?? ""))
        }
        if output.json { Console.line(page.json) } else { Console.page(page.text) }
    }

    private func page(_ reader: LedgerReader, _ moment: Moment?) throws -> LedgerReader.Page? {
        let digits = what.hasPrefix("#") ? what.dropFirst() : what[...]
        if let sequence = UInt64(digits) {
            guard at == nil else { throw Failure(.couldNotRun, "an entry never changes: leave out `--at`") }
            guard let page = try reader.entry(sequence) else {
                throw Failure(.refused, "\(sequence) is not in the log of \(reader.log.size) entries")
            }
            return page
        }
        let progress = Progress("folding", total: reader.log.size)
        defer { progress.finish() }
        if let record = RecordName(what) {
            let found = try reader.record(record.key, in: record.projection, at: moment) { progress.update($0) }
            guard let found else {
                throw Failure(
                    .couldNotRun,
                    "`\(record.kind)` is not a kind of record\(record.suggestion); kinds are \(RecordName.kinds)")
            }
            return found.page
        }
        guard what.contains("/") else {
            throw Failure(
                .couldNotRun, "`\(what)` is neither a sequence, nor an account, nor a record such as `order:ORD-001`")
        }
        return try reader.record(what, in: { _ in "accounts" }, at: moment) { progress.update($0) }?.page
    }
}
