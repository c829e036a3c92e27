/// Moves of money that more than one theme makes.
extension Scene {
    /// Puts money into a wallet from outside.
    mutating func deposit(_ amount: Int, _ currency: Currency, to person: Int) {
        deposits += 1
        people[person].purse[currency] += amount
        let id = Ident(prefix: "D-", number: deposits)
        let provider = currency == .coins ? "exchange" : random.pick(["bank", "card", "bank"])
        emit("wallet.deposited", from: "/wallets", about: id) {
            $0.member("depositId", id)
            $0.member("userId", .user(person))
            $0.member("amount", amount)
            $0.member("currency", currency.rawValue)
            $0.member("provider", provider)
        }
    }

    /// Sees to it that a wallet holds an amount.
    mutating func ensure(_ amount: Int, _ currency: Currency, for person: Int) {
        let missing = amount - people[person].purse[currency]
        guard missing > 0 else { return }
        let step = currency == .dollars ? 1000 : 50_000
        deposit((missing / step + random.int(1...6)) * step, currency, to: person)
    }

    /// Gives someone income, which matures.
    mutating func earn(_ amount: Int, _ currency: Currency, by person: Int) {
        people[person].purse[currency] += amount
        plan(.money(.mature(person, amount, currency)), hours: 121...125)
    }

    /// Locks coins.
    mutating func lock(_ amount: Int, months: Int, of person: Int) {
        let id = Ident.lock(locks.count)
        locks.append(Lock(person: person, amount: amount))
        people[person].purse[.coins] -= amount
        people[person].lockedCoins += amount
        emit("coins.lock.requested", from: "/wallets", about: id) {
            $0.member("lockId", id)
            $0.member("userId", .user(person))
            $0.member("amount", amount)
            $0.member("currency", Currency.coins.rawValue)
            $0.member("months", months)
        }
    }
}
