import AgentKit
import Engine
package import EventLog
import JSON

/// Reads a ledger for people, straight from its data directory: entries, records and accounts, also beside a running
/// service.
///
/// `EntryFormatter` formats, `EntryLines` prints entries as `docket log` does, `AccountTable` and `TransferTable` print
/// accounts, `ErasedPersons` keeps sealed data of erased persons out. `Timeline` and `Explainer` build on the same
/// parts.
package struct LedgerReader {
    package let log: EventLog

    /// Opens the log in a folder.
    /// - Throws: `EventLogError` if it cannot be read.
    package init(logDirectory: String) throws {
        log = try EventLog.openReader(directory: logDirectory)
    }

    /// The formatter of the log's first rule set, which is loaded for it.
    package var formatter: EntryFormatter { get throws { try EntryFormatter.of(log) } }

    /// An entry or a record, as text and as JSON.
    package struct Page {
        package let text: String
        /// Canonical, on one line.
        package let json: [UInt8]
    }

    /// An entry; nil beyond the end of the log. Sealed fields of an erased person are marked as erased.
    package func entry(_ sequence: UInt64) throws -> Page? {
        guard let bytes = try log.entry(sequence) else { return nil }
        let entry = try Document(adopting: bytes)
        let shown = try ErasedFields(log: log).shown(entry.root)
        return Page(
            text: try formatter.sheet(ofEntry: (shown ?? entry).root, bytes: bytes), json: shown?.bytes ?? bytes)
    }

    /// A record as it was at a moment, in the projection that `name` picks among those of that time.
    /// - Returns: nil if `name` returns nil; without a page if there was no such record.
    /// - Throws: `ReplayError` if the moment is not in the log, or the log cannot be folded.
    package func record(
        _ key: String, in name: (Replay) -> String?, at moment: Moment?, progress: ((UInt64) -> Void)? = nil
    ) throws -> (page: Page?, projection: String)? {
        let replay =
            if let moment { try Replay.asOf(moment, in: log, progress: progress) } else {
                try Replay.atPresent(log, progress: progress)
            }
        guard let projection = name(replay) else { return nil }
        return (try page(projection, key, replay), projection)
    }

    private func page(_ projection: String, _ key: String, _ replay: Replay) throws -> Page? {
        guard let bytes = replay.record(projection, key) else { return nil }
        let record = try Document(adopting: bytes).root
        let text = EntryFormatter(replay.ruleSet).sheet(
            ofRecord: record, amounts: replay.amounts(of: projection), currency: currency(of: record, key, replay))
        return Page(text: text, json: bytes)
    }

    /// The currency of a record that names none: that of its order, otherwise the last part of its key.
    private func currency(of record: View, _ key: String, _ replay: Replay) -> String? {
        if let order = record["orderId"]?.string, let bytes = replay.record("orders", order) {
            return (try? Document(adopting: bytes))?.root["currency"]?.string
        }
        return key.split(separator: "/").last.map(String.init)
    }
}

/// Refusal of a request for something that does not exist or is ambiguous.
package struct ReadingError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Every account with its balance, and the sum of all balances.
package struct AccountTable {
    /// For people a line an account and one a currency, with control characters escaped; for machines the same, each one
    /// JSON object.
    package private(set) var lines: [[UInt8]]
    /// Indicates that the balances of each currency sum to zero.
    package private(set) var isBalanced = true

    /// - Parameters:
    ///   - replay: folded to the moment asked for.
    ///   - currency: leaves out accounts of other currencies.
    package init(_ replay: Replay, currency: String? = nil, json: Bool) {
        let formatter = EntryFormatter(replay.ruleSet)
        var sums = BalanceSums()
        var rows: [(id: String, balance: String, held: String)] = []
        var lines: [[UInt8]] = []
        replay.accounts(currency: currency) { account in
            sums.add(account)
            guard !json else {
                lines.append(account.json)
                return true
            }
            let held = account.balance - account.available
            rows.append(
                (
                    account.id, formatter.amount(account.balance, account.currency),
                    held == .zero ? "" : "  of it held: " + formatter.amount(held, account.currency)
                ))
            return true
        }
        let names = rows.map(\.id.count).max() ?? 0, amounts = rows.map(\.balance.count).max() ?? 0
        for row in rows {
            let text = row.id.padded(names) + "  " + row.balance.aligned(amounts) + row.held
            lines.append(Array(VisibleText.line(text).utf8))
        }
        for sum in sums.all {
            if sum.sum != .zero { isBalanced = false }
            let text =
                "\(sum.currency): \(sum.accounts) accounts, sum \(formatter.amount(sum.sum, sum.currency))"
                + (sum.sum == .zero ? "" : "  NOT ZERO")
            lines.append(json ? sum.json : Array(VisibleText.line(text).utf8))
        }
        self.lines = lines
    }
}

/// Movements on one account, oldest first.
package struct TransferTable {
    package private(set) var lines: [String] = []
    /// One JSON object a transfer.
    package private(set) var json: [[UInt8]] = []

    package init(of account: String, in log: EventLog, formatter: EntryFormatter) throws {
        var rows: [(head: String, amount: String, other: String, balance: String)] = []
        var json: [[UInt8]] = []
        try TransferHistory.scan(log, account: account) { line in
            let isDebit = line.debitAccount == account
            let other = isDebit ? "to " + line.creditAccount : "from " + line.debitAccount
            let amount = (isDebit ? "-" : "+") + formatter.amount(line.amount, line.currency)
            rows.append(
                (
                    "\(line.sequence)".padded(7) + "  " + formatter.time(line.time), amount,
                    "\(other)  \(line.purpose) \(line.reference)" + (line.effect == .posted ? "" : "  \(line.effect)"),
                    formatter.amount(line.balance, line.currency)
                ))
            json.append(line.json)
            return true
        }
        let amounts = rows.map(\.amount.count).max() ?? 0, balances = rows.map(\.balance.count).max() ?? 0
        lines = rows.map {
            "\($0.head)  \($0.amount.aligned(amounts))  = \($0.balance.aligned(balances))  \($0.other)"
        }
        self.json = json
    }
}

extension EventView {
    /// The data of an entry of this type; nil for an entry of another type.
    init?(of entry: View) {
        guard entry["type"]?.equals(Self.type) == true, let data = entry["data"] else { return nil }
        self.init(data)
    }
}
