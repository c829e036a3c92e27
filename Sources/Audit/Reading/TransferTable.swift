package import EventLog

/// What moved on one account, oldest first.
package struct TransferTable {
    package private(set) var lines: [String] = []
    /// One JSON object a transfer.
    package private(set) var json: [[UInt8]] = []

    package init(of account: String, in log: EventLog, layout: Layout) throws {
        var rows: [(head: String, amount: String, other: String, balance: String)] = []
        var json: [[UInt8]] = []
        try TransferHistory.scan(log, account: account) { line in
            let isDebit = line.debitAccount == account
            let other = isDebit ? "to " + line.creditAccount : "from " + line.debitAccount
            let amount = (isDebit ? "-" : "+") + layout.amount(line.amount, line.currency)
            rows.append(
                (
                    "\(line.sequence)".padded(7) + "  " + layout.time(line.time), amount,
                    "\(other)  \(line.purpose) \(line.reference)" + (line.effect == .posted ? "" : "  \(line.effect)"),
                    layout.amount(line.balance, line.currency)
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
