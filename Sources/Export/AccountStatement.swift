package import AgentKit
package import Audit
import EventLog
import JSON
import Rules

/// Statement of one account over a period: the opening balance, each line that moved money, the closing balance.
package struct AccountStatement {
    /// The form of the file.
    package enum Form: Sendable {
        /// RFC 4180, with the header `kind,date,time,sequence,purpose,reference,other,amount,balance,currency`; `kind` is
        /// `opening`, `line` or `closing`, amounts are signed decimals.
        case csv
        /// For people.
        case text

        /// The form that the end of a file's name says: `.csv` or `.txt`; nil for another.
        package init?(of path: String) {
            if path.hasSuffix(".csv") {
                self = .csv
            } else if path.hasSuffix(".txt") {
                self = .text
            } else {
                return nil
            }
        }
    }

    /// The totals of a statement that was written.
    package struct Summary: Sendable {
        package let state: ExportState
        package let currency: String
        package fileprivate(set) var lines = 0
        /// In minor units.
        package fileprivate(set) var opening = Total.zero
        package fileprivate(set) var credits = Total.zero
        package fileprivate(set) var debits = Total.zero
        package var closing: Total { opening + credits - debits }

        /// `{account, checkpoint, closing, credits, currency, debits, file, lines, opening, root, size}`, canonical;
        /// amounts in minor units.
        package func json(account: String, file: String) -> [UInt8] {
            var writer = CanonicalWriter(capacity: 512)
            func text(_ name: StaticString, _ text: String, _ writer: inout CanonicalWriter) {
                writer.key(name)
                writer.string(text)
            }
            func total(_ name: StaticString, _ total: Total, _ writer: inout CanonicalWriter) {
                writer.key(name)
                total.write(to: &writer)
            }
            writer.beginObject()
            text("account", account, &writer)
            text("checkpoint", state.checkpoint, &writer)
            total("closing", closing, &writer)
            total("credits", credits, &writer)
            text("currency", currency, &writer)
            total("debits", debits, &writer)
            text("file", file, &writer)
            writer.key("lines")
            writer.int(Int64(lines))
            total("opening", opening, &writer)
            text("root", state.root, &writer)
            writer.key("size")
            writer.int(Int64(clamping: state.size))
            writer.endObject()
            return writer.bytes
        }
    }

    private let log: EventLog
    private let account: String
    private let formatter: EntryFormatter
    private let amounts: PlainAmount
    private let from: String?
    private let to: String?

    /// - Parameters:
    ///   - replay: the ledger, for its calendar and currencies.
    ///   - from: the first local day, `YYYY-MM-DD`; nil begins with the log.
    ///   - to: the last one.
    package init(of account: String, in replay: Replay, from: String?, to: String?) {
        log = replay.log
        self.account = account
        formatter = replay.formatter
        amounts = PlainAmount(currencies: replay.currencies)
        self.from = from
        self.to = to
    }

    /// Writes the statement; the old file stands until the new one is whole and on the disk.
    /// - Throws: `ExportError.refused` where nothing ever moved on the account, `EventLogError` or `ReplayError`.
    package func write(to path: String, as form: Form) throws -> Summary {
        let state = try ExportState(newestOf: log)
        let currency = account.split(separator: "/").last.map(String.init) ?? ""
        let file = try FileWriter(replacing: path)
        let page = Page(file, form, account, amounts, formatter, currency)
        var summary = Summary(state: state, currency: currency)
        var (isKnown, isOpened) = (false, false)
        func open() {
            guard !isOpened else { return }
            isOpened = true
            page.open(summary.opening, origin: log.origin, from: from, to: to)
        }
        try TransferHistory.scan(log, account: account, end: state.size) { line in
            isKnown = true
            guard line.effect == .posted || line.effect == .heldPosted else { return true }
            let day = String(formatter.time(line.time).prefix(10))
            if let to, to.utf8.lexicographicallyPrecedes(day.utf8) { return true }
            let isDebit = line.debitAccount == account
            if let from, day.utf8.lexicographicallyPrecedes(from.utf8) {
                summary.opening += Total(Amount(isDebit ? -line.amount : line.amount))
                return true
            }
            open()
            summary.lines += 1
            if isDebit { summary.debits += Amount(line.amount) } else { summary.credits += Amount(line.amount) }
            page.add(line, isDebit: isDebit, balance: summary.closing)
            return !file.hasFailed
        }
        guard isKnown else { throw ExportError.refused("nothing ever moved on `\(account)`") }
        open()
        page.close(summary, to: to)
        try file.finish()
        return summary
    }
}

/// The lines of a statement's file.
private struct Page {
    private let file: FileWriter
    private let form: AccountStatement.Form
    private let account: String
    private let amounts: PlainAmount
    private let formatter: EntryFormatter
    private let currency: String

    init(
        _ file: FileWriter, _ form: AccountStatement.Form, _ account: String, _ amounts: PlainAmount,
        _ formatter: EntryFormatter, _ currency: String
    ) {
        self.file = file
        self.form = form
        self.account = account
        self.amounts = amounts
        self.formatter = formatter
        self.currency = currency
    }

    func open(_ opening: Total, origin: String, from: String?, to: String?) {
        switch form {
        case .csv:
            record([
                "kind", "date", "time", "sequence", "purpose", "reference", "other", "amount", "balance", "currency",
            ])
            record(["opening", from ?? "", "", "", "", "", "", "", amounts.text(opening, currency), currency])
        case .text:
            line("Statement of \(account), ledger \(origin)")
            line(period(from, to))
            line("")
            line(row(from ?? "", "", "opening balance", "", formatter.amount(opening, currency)))
        }
    }

    func add(_ line: TransferLine, isDebit: Bool, balance: Total) {
        let other = isDebit ? line.creditAccount : line.debitAccount
        let time = formatter.time(line.time)
        switch form {
        case .csv:
            let amount = Int128(line.amount)
            record([
                "line", String(time.prefix(10)), line.time.text, String(line.sequence.value), line.purpose,
                line.reference, other, amounts.text(isDebit ? -amount : amount, currency),
                amounts.text(balance, currency), currency,
            ])
        case .text:
            self.line(
                row(
                    String(time.prefix(16)), "#\(line.sequence)",
                    "\(line.purpose) \(line.reference) \(isDebit ? "to" : "from") \(other)",
                    (isDebit ? "-" : "+") + formatter.amount(line.amount, currency),
                    formatter.amount(balance, currency)))
        }
    }

    func close(_ summary: AccountStatement.Summary, to: String?) {
        let state = summary.state
        switch form {
        case .csv:
            record([
                "closing", to ?? "", "", String(state.size), "complete to the checkpoint", state.root, "", "",
                amounts.text(summary.closing, currency), currency,
            ])
        case .text:
            line(row(to ?? "", "", "closing balance", "", formatter.amount(summary.closing, currency)))
            line("")
            line(
                "\(summary.lines) lines: \(formatter.amount(summary.credits, currency)) came in, "
                    + "\(formatter.amount(summary.debits, currency)) went out")
            line("Complete to the log's checkpoint of \(state.size) entries, root \(state.root)")
        }
    }

    private func period(_ from: String?, _ to: String?) -> String {
        switch (from, to) {
        case (let from?, let to?): "from \(from) to \(to)"
        case (let from?, nil): "from \(from) on"
        case (nil, let to?): "up to \(to)"
        case (nil, nil): "from the first entry on"
        }
    }

    private func row(_ time: String, _ entry: String, _ what: String, _ amount: String, _ balance: String) -> String {
        func left(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        func right(_ text: String) -> String { String(repeating: " ", count: max(0, 18 - text.count)) + text }
        return left(time, 16) + "  " + left(entry, 8) + "  " + right(amount) + "  " + right(balance) + "  " + what
    }

    private func line(_ text: String) { file.write(Array((VisibleText.line(text) + "\n").utf8)) }

    private func record(_ fields: [String]) { file.write(Array((CSVText.record(fields) + "\n").utf8)) }
}
