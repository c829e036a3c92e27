import AgentKit

/// Every account with its balance, and what all of them sum to.
package struct AccountTable {
    package let lines: [String]
    /// One JSON object an account, and one a currency.
    package let json: [[UInt8]]
    /// Whether the balances of each currency sum to zero.
    package let isBalanced: Bool

    /// - Parameters:
    ///   - replay: folded to the point that is asked for.
    ///   - currency: leaves the others out.
    package init(_ replay: Replay, currency: String? = nil) {
        let layout = Layout(replay.ruleSet)
        var rows: [(id: String, balance: String, held: String)] = []
        var json: [[UInt8]] = []
        replay.accounts(currency: currency) { account in
            let held = account.balance - account.available
            rows.append(
                (
                    account.id, layout.amount(account.balance, account.currency),
                    held == .zero ? "" : "  of it held: " + layout.amount(held, account.currency)
                ))
            json.append(account.json)
            return true
        }
        let names = rows.map(\.id.count).max() ?? 0, amounts = rows.map(\.balance.count).max() ?? 0
        var lines = rows.map { $0.id.padded(names) + "  " + $0.balance.aligned(amounts) + $0.held }
        var isBalanced = true
        for sum in replay.balanceSums() where currency == nil || sum.currency == currency {
            if sum.sum != .zero { isBalanced = false }
            lines.append(
                "\(sum.currency): \(sum.accounts) accounts, sum \(layout.amount(sum.sum, sum.currency))"
                    + (sum.sum == .zero ? "" : "  NOT ZERO"))
            json.append(sum.json)
        }
        self.lines = lines
        self.json = json
        self.isBalanced = isBalanced
    }
}
