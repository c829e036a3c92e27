import AgentKit
import JSON
import Rules

extension Explanation {
    /// The largest number of sums whose parts are told.
    private static let sumsToldMax = 6

    /// A section for each sum that was divided: who receives what of it.
    var shares: [[String]] {
        let sums = ([entry] + consequences.map(\.entry)).filter {
            TransferPosted(of: $0.root)?.transfers.count ?? 0 > 1
        }
        return sums.prefix(Self.sumsToldMax).map { ["Who receives what in #\($0.root.sequence)"] + parts(of: $0.root) }
    }

    private func parts(of posted: View) -> [String] {
        guard let list = posted["data"]?["transfers"] else { return [] }
        // What is taken off a debt is no part of what is paid.
        let payers = Dictionary(grouping: list.children) { $0["debitAccount"]?.string ?? "" }
        return list.children.map { transfer in
            let paid = payers[transfer["debitAccount"]?.string ?? ""] ?? []
            let total = paid.reduce(Int64(0)) { $0 &+ ($1["amount"]?.int ?? 0) }
            let isHalf = paid.count == 2 && total > 1 && ((transfer["amount"]?.int ?? 0) &* 2 &- total).magnitude <= 1
            let half = isHalf ? ", half of " + wording.formatter.amount(total, transfer["currency"]?.string ?? "") : ""
            return "  " + (wording.formatter.transfer(transfer) ?? "") + half
        }
    }

    /// The accounts in words, with their balances before and after and their names in the ledger.
    var balances: [String] {
        let lines = accounts.map { change -> (String, String, String) in
            let isDebt = TransferWords.isDebt(change.id)
            func money(_ line: AccountLine) -> String {
                wording.formatter.amount(isDebt ? Total(0) - line.balance : line.balance, line.currency)
            }
            var text = money(change.before) + " → " + money(change.after)
            if change.before.debitsPending != change.after.debitsPending {
                let formatter = wording.formatter
                text += ", set aside \(formatter.amount(change.before.debitsPending, change.before.currency)) → "
                text += formatter.amount(change.after.debitsPending, change.after.currency)
            }
            return (TransferWords.place(change.id), text, change.id)
        }
        let places = lines.map(\.0.count).max() ?? 0
        let texts = lines.map(\.1.count).max() ?? 0
        return lines.map { "  " + $0.padded(places) + "  " + $1.padded(texts) + "  " + $2 }
    }
}
