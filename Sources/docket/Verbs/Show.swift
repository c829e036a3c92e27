import ArgumentParser
import Audit
import CEL
import CommandKit
import Engine
import EventLog
import Export

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

/// A record as people name it: `order:ORD-001`.
struct RecordName {
    /// The word before the colon.
    let kind: String
    let key: String

    private static let projections = [
        "account": "accounts", "agent": "agents", "area": "areas", "complaint": "complaints", "debt": "debts",
        "debtor": "debtors", "erasure": "erasures", "fine": "fines", "franchise": "franchises", "license": "licenses",
        "lock": "locks", "offer": "offers", "order": "orders", "override": "overrides", "preference": "preferences",
        "principal": "principals", "product": "products", "quality": "quality", "referral": "referrals",
        "release": "releases", "report": "reports", "request": "serviceRequests", "sale": "sales",
        "service": "services", "standing": "standings", "taste": "tastes", "trade": "trades",
        "transfer": "pendingTransfers", "user": "users", "verification": "verifications", "withdrawal": "withdrawals",
    ]

    /// The kinds, for messages.
    static let kinds = projections.keys.sorted().joined(separator: ", ")

    /// Parses a kind, a colon and an id; nil for anything else.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        kind = String(text[..<colon])
        key = String(text[text.index(after: colon)...])
        guard !key.isEmpty, !kind.isEmpty, !kind.contains("/") else { return nil }
    }

    /// The projection of the record: that of its kind, or one named directly. A table declared in a rule file has its
    /// name without the `s` as its kind.
    func projection(of replay: Replay) -> String? {
        let names = [Self.projections[kind], kind, kind + "s"].compactMap { $0 }
        return names.first { replay.projections.contains($0) }
    }

    /// `, did you mean …` if a similar kind exists; otherwise empty.
    var suggestion: String { Suggestion.text(for: kind, among: Self.projections.keys.sorted()) }
}

/// `docket accounts`
struct Accounts: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print every account's balance, and that they sum to zero.",
        discussion: """
            Exits 1 when the balances of a currency do not sum to zero.

            Examples:
              docket accounts
              docket accounts --currency PKR --at 2024-02-16T16:00:00Z
              docket accounts --json
            """)

    @Option(help: ArgumentHelp("Only accounts of this currency.", valueName: "code"))
    var currency: String?

    @Option(help: ArgumentHelp("As they were after this entry, or at this time.", valueName: "sequence|time"))
    var at: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let moment = try MomentOption.moment(at)
        let log = try EventLog.openReader(directory: data.directory.log)
        let progress = Progress("folding", total: log.size)
        let replay =
            if let moment { try Replay.asOf(moment, in: log, progress: { progress.update($0) }) } else {
                try Replay.atPresent(log) { progress.update($0) }
            }
        progress.finish()
        let table = AccountTable(replay, currency: currency, json: output.json)
        table.lines.forEach { Console.line($0) }
        if table.lines.isEmpty { Console.message("there is no account" + (currency.map { " in `\($0)`" } ?? "")) }
        guard table.isBalanced else { throw Failure(.refused, "the balances do not sum to zero") }
    }
}

/// `docket transfers`
struct Transfers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what moved on one account, with its balance after each.",
        discussion: """
            --statement writes a statement instead: the opening balance, each line that moved money, the closing balance, \
            and the checkpoint to which it is complete. Days are those of the calendar. Exits 1 when nothing ever moved \
            on the account.

            Examples:
              docket transfers wallet/U-ali/PKR
              docket transfers escrow/ORD-001/PKR --json
              docket transfers wallet/U-ali/PKR --statement march.csv --from 2024-03-01 --to 2024-03-31
              docket transfers wallet/U-ali/PKR --statement march.txt --from 2024-03-01 --to 2024-03-31
            """)

    @Argument(help: "The account: `wallet/U-ali/PKR`.")
    var account: String

    @Option(
        help: ArgumentHelp("Write a statement into this file, as its name ends: .csv or .txt.", valueName: "file"),
        completion: .file(extensions: ["csv", "txt"]))
    var statement: String?

    @Option(help: ArgumentHelp("The first day of the statement.", valueName: "date"))
    var from: String?

    @Option(help: ArgumentHelp("The last day of the statement.", valueName: "date"))
    var to: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        for day in [from, to].compactMap({ $0 }) {
            guard Statement.isDay(day) else { throw ValidationError("`\(day)` is no date `YYYY-MM-DD`") }
            guard statement != nil else { throw ValidationError("`--from` and `--to` are for `--statement`") }
        }
        if let from, let to, to.utf8.lexicographicallyPrecedes(from.utf8) {
            throw ValidationError("`--to \(to)` is before `--from \(from)`")
        }
        if let statement, AccountStatement.Form(of: statement) == nil {
            throw ValidationError("`\(statement)` ends in neither .csv nor .txt")
        }
    }

    func run() throws {
        let reader = try LedgerReader(logDirectory: data.directory.log)
        if let statement, let form = AccountStatement.Form(of: statement) {
            return try write(statement, form, reader.log)
        }
        let table = try TransferTable(of: account, in: reader.log, formatter: reader.formatter)
        guard !table.lines.isEmpty else { throw Failure(.refused, "nothing ever moved on `\(account)`") }
        if output.json { table.json.forEach { Console.line($0) } } else { table.lines.forEach { Console.line($0) } }
    }

    private func write(_ path: String, _ form: AccountStatement.Form, _ log: EventLog) throws {
        let statement = AccountStatement(of: account, in: try Replay.atPresent(log), from: from, to: to)
        let summary = try ExportRun.failing { try statement.write(to: path, as: form) }
        guard output.json else {
            return Console.message(
                "\(Text.grouped(UInt64(clamping: summary.lines))) lines to `\(path)`, complete to the checkpoint of "
                    + "\(Text.grouped(summary.state.size)) entries")
        }
        Console.line(summary.json(account: account, file: path))
    }
}
