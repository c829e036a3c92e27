import AgentKit
import Ledger

extension WalletAgent {
    /// What a person has in the wallet, an amount a currency: `holdings(user)` what can be moved, `withheld(user)` what is
    /// on its way out. Neither names a currency in which there is nothing.
    static func holdings(_ state: WalletState) -> [Function] {
        func list(_ name: String, _ amount: @escaping @Sendable (Account) -> Total) -> Function {
            Function(
                name,
                [
                    .init([.string], result: .list(.money), cost: 10) { arguments in
                        guard let user = arguments[0].stringValue else {
                            return .failure(.invalidArgument, "a user")
                        }
                        return .list(state.wallet(of: user, amount).map(Value.money))
                    }
                ])
        }
        return [list("holdings") { $0.available }, list("withheld") { $0.debitsPending }]
    }
}

extension WalletState {
    /// What is more than nothing, in the order of the currencies' codes.
    fileprivate func wallet(of user: String, _ amount: (Account) -> Total) -> [Money] {
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
}
