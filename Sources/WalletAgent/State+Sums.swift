import AgentKit
import Ledger

extension WalletState {
    /// Returns an amount of an account, in the currency that its path ends in.
    func amount(of path: Value, _ part: (Account) -> Amount) -> Value {
        guard let path = path.stringValue, let currency = AccountPath.currency(path) else {
            return .failure(.invalidArgument, "an account that ends in no currency")
        }
        return .money(Money(accounts[path].map { part($0.account).minorUnits } ?? 0, currency))
    }

    /// The amounts above zero in a user's wallet, in the order of their currency codes.
    func wallet(of user: String, _ amount: (Account) -> Total) -> [Money] {
        let prefix = "wallet/" + user + "/"
        var held: [Money] = []
        accounts.forEachKey(from: prefix) { path in
            guard path.utf8.starts(with: prefix.utf8) else { return false }
            if let account = accounts[path]?.account, let currency = AccountPath.currency(path) {
                let units = amount(account).saturated.minorUnits
                if units > 0 { held.append(Money(units, currency)) }
            }
            return true
        }
        return held
    }

    /// Returns true for a user who may have a wallet: known, and not erased.
    func isHolder(_ user: String) -> Bool { holders[user].map { !$0.isErased } ?? false }

    /// The share, in millionths, of the withdrawal limits for unknown identities that a user has used after a moment,
    /// including this amount: the sum over the currencies, each rounded up. Failed withdrawals do not count. A currency
    /// without a limit allows none, and gives the greatest amount.
    func shareOfLimits(_ user: String, after since: Instant, with amount: Money, _ limit: (String) -> Int64?) -> Int64 {
        var sums = [amount.currency.text: Int128(amount.minorUnits)]
        for id in (withdrawers[user]?.withdrawalIds ?? []).reversed() {
            guard let row = withdrawals[id] else { continue }
            if row.since <= since { break }
            if row.status == "accepted" || row.status == "completed" {
                sums[row.currency, default: 0] += Int128(row.amount.minorUnits)
            }
        }
        let most = Int128(Amount.greatest.minorUnits)
        var share: Int128 = 0
        for (currency, sum) in sums where sum > 0 {
            guard let limit = limit(currency), limit > 0 else { return Amount.greatest.minorUnits }
            share = min(most, share + (sum * 1_000_000 + Int128(limit) - 1) / Int128(limit))
        }
        return Int64(share)
    }

    /// The currencies in which the balances of all accounts do not sum to zero, with the sum; empty where the books
    /// balance. Reads every account.
    func imbalances() -> [Value] {
        var sums: [String: Int128] = [:]
        accounts.forEachKey { path in
            if let account = accounts[path]?.account {
                sums[account.currency.text, default: 0] += account.balance.minorUnits
            }
            return true
        }
        return sums.filter { $0.value != 0 }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { code, sum in
                .map(MapValue([("currency", .string(code)), ("sum", .int(Int64(clamping: sum)))]))
            }
    }
}
