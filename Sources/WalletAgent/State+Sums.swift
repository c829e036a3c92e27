import AgentKit
import Ledger

extension WalletState {
    /// The currencies in which the balances of all accounts do not sum to zero, with the sum; none where the books are
    /// right. It reads every account.
    func imbalances() -> [Value] {
        var sums: [String: Int128] = [:]
        accounts.forEachKey { path in
            if let account = accounts[path]?.account {
                sums[account.currency.text, default: 0] +=
                    account.balance.minorUnits
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
