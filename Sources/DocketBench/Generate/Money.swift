/// The theme of money: deposits, payments between people, withdrawals and coins.
struct Money {
    private struct Withdrawal {
        let person: Int
        let amount: Int
        let currency: Currency
    }

    private var withdrawals: [Withdrawal] = []
    private var payments = 0

    /// Plans what begins in the hour that begins now.
    func begin(_ scene: inout Scene) {
        let people = scene.people.count
        scene.planHour(35, of: people) { scene in scene.someone().map { .money(.deposit($0)) } }
        scene.planHour(30, of: people) { scene in
            scene.someone(where: { $0.purse[.rupees] > 100_000 }).map { .money(.pay($0)) }
        }
        scene.planHour(4, of: people) { scene in
            scene.someone(where: { $0.purse[.rupees] > 1_000_000 }).map { .money(.payTogether($0)) }
        }
        scene.planHour(60, of: people) { scene in
            scene.someone(where: { $0.matured[.rupees] > 50_000 || $0.matured[.dollars] > 1000 })
                .map { .money(.withdraw($0)) }
        }
        scene.planHour(6, of: people) { scene in scene.someone().map { .money(.lock($0)) } }
        scene.planHour(3, of: people) { _ in .money(.unlock) }
    }

    mutating func perform(_ step: MoneyStep, in scene: inout Scene) {
        switch step {
        case .deposit(let person): scene.deposit(scene.random.int(10...200) * 10_000, .rupees, to: person)
        case .pay(let person): pay(person, &scene)
        case .payTogether(let person): payTogether(person, &scene)
        case .withdraw(let person): withdraw(person, &scene)
        case .payOut(let number): payOut(number, &scene)
        case .returned(let number): takeBack(number, &scene)
        case .lock(let person): lock(person, &scene)
        case .unlock: unlock(&scene)
        case .mature(let person, let amount, let currency): scene.people[person].matured[currency] += amount
        }
    }

    // MARK: Payments between people

    private mutating func pay(_ from: Int, _ scene: inout Scene) {
        guard let to = scene.someone(where: { $0.number != from }) else { return }
        payments += 1
        let id = Ident(prefix: "PAY-", number: payments), held = scene.people[from].purse[.rupees]
        let isTooMuch = scene.random.chance(30)
        let amount = isTooMuch ? held * 3 + 1_000_000 : max(1, scene.random.next(below: max(1, held / 4)))
        if !isTooMuch {
            scene.people[from].purse[.rupees] -= amount
            scene.people[to].purse[.rupees] += amount
        }
        scene.emit("wallet.payment.requested", from: "/wallets", about: id) {
            $0.member("paymentId", id)
            $0.member("fromUserId", .user(from))
            $0.member("toUserId", .user(to))
            $0.member("amount", amount)
            $0.member("currency", Currency.rupees.rawValue)
        }
    }

    /// A payday: one pays several at once.
    private mutating func payTogether(_ from: Int, _ scene: inout Scene) {
        payments += 1
        let id = Ident(prefix: "PAY-", number: payments), each = scene.people[from].purse[.rupees] / 20
        guard each > 0 else { return }
        var payees: [Int] = []
        for _ in 0..<scene.random.int(2...8) {
            if let payee = scene.someone(where: { $0.number != from }) { payees.append(payee) }
        }
        for payee in payees { scene.people[payee].purse[.rupees] += each }
        scene.people[from].purse[.rupees] -= each * payees.count
        scene.emit("wallet.payments.requested", from: "/wallets", about: id) {
            $0.member("batchId", id)
            $0.member("currency", Currency.rupees.rawValue)
            $0.list("payments") { json in
                for payee in payees {
                    json.element {
                        $0.member("from", .user(from))
                        $0.member("to", .user(payee))
                        $0.member("amount", each)
                    }
                }
            }
        }
    }

    // MARK: Withdrawals

    private mutating func withdraw(_ person: Int, _ scene: inout Scene) {
        let currency: Currency = scene.people[person].matured[.dollars] > 1000 ? .dollars : .rupees
        let held = scene.people[person].purse[currency], matured = min(held, scene.people[person].matured[currency])
        guard matured > 0 else { return }
        let id = Ident(prefix: "W-", number: withdrawals.count)
        let isTooMuch = scene.random.chance(50)
        let amount = isTooMuch ? held * 2 + 100_000 : max(1, matured * scene.random.int(30...90) / 100)
        scene.emit("wallet.withdrawal.requested", from: "/wallets", about: id) {
            $0.member("withdrawalId", id)
            $0.member("userId", .user(person))
            $0.member("amount", amount)
            $0.member("currency", currency.rawValue)
        }
        let number = withdrawals.count
        withdrawals.append(Withdrawal(person: person, amount: amount, currency: currency))
        guard !isTooMuch, scene.people[person].isKnown || amount <= Self.unknownMost(currency) else { return }
        scene.people[person].purse[currency] -= amount
        scene.people[person].matured[currency] -= amount
        scene.plan(.money(.payOut(number)), hours: 2...30)
    }

    /// Largest withdrawal of someone whose identity was not verified, in minor units.
    private static func unknownMost(_ currency: Currency) -> Int { currency == .dollars ? 10_000 : 2_500_000 }

    private func payOut(_ number: Int, _ scene: inout Scene) {
        let withdrawal = withdrawals[number], id = Ident(prefix: "W-", number: number)
        guard scene.random.chance(70) else {
            scene.emit("payout.completed", from: "/gateway/bank", about: id) { $0.member("withdrawalId", id) }
            if scene.random.chance(200) { scene.plan(.money(.returned(number)), hours: 24...72) }
            return
        }
        let reason = scene.random.pick(["account_closed", "wrong_iban", "bank_offline"])
        giveBack(withdrawal, &scene)
        scene.emit("payout.failed", from: "/gateway/bank", about: id) {
            $0.member("withdrawalId", id)
            $0.member("reason", reason)
        }
    }

    private func takeBack(_ number: Int, _ scene: inout Scene) {
        let id = Ident(prefix: "W-", number: number)
        giveBack(withdrawals[number], &scene)
        scene.emit("payout.returned", from: "/gateway/bank", about: id) {
            $0.member("withdrawalId", id)
            $0.member("reason", "account_closed")
        }
    }

    private func giveBack(_ withdrawal: Withdrawal, _ scene: inout Scene) {
        scene.people[withdrawal.person].purse[withdrawal.currency] += withdrawal.amount
        scene.people[withdrawal.person].matured[withdrawal.currency] += withdrawal.amount
    }

    // MARK: Coins

    private func lock(_ person: Int, _ scene: inout Scene) {
        let amount = scene.random.int(5...80) * 1000
        scene.ensure(amount, .coins, for: person)
        let months = scene.random.chance(30) ? 6 : scene.random.pick([12, 12, 24, 36])
        scene.lock(amount, months: months, of: person)
    }

    /// Someone asks for locked coins before the end of the lock.
    private func unlock(_ scene: inout Scene) {
        guard !scene.locks.isEmpty else { return }
        let number = scene.random.next(below: scene.locks.count), lock = scene.locks[number], id = Ident.lock(number)
        guard lock.isOpen || scene.random.chance(200) else { return }
        if lock.isOpen {
            scene.locks[number].isOpen = false
            scene.people[lock.person].lockedCoins -= lock.amount
            scene.people[lock.person].purse[.coins] += lock.amount - lock.amount * 15 / 100
        }
        scene.emit("coins.unlock.requested", from: "/wallets", about: id) { $0.member("lockId", id) }
    }
}

/// A step of the theme of money; people, locks and withdrawals are given by their numbers.
enum MoneyStep {
    case deposit(Int)
    case pay(Int)
    case payTogether(Int)
    case withdraw(Int)
    /// The bank answers.
    case payOut(Int)
    /// The bank takes back what it paid.
    case returned(Int)
    case lock(Int)
    case unlock
    /// A person's income may be withdrawn from now on.
    case mature(Int, Int, Currency)
}

/// A lock of someone's coins.
struct Lock {
    let person: Int
    let amount: Int
    var isOpen = true
}

/// Amounts in minor units, one a currency.
struct Purse {
    private var rupees = 0
    private var dollars = 0
    private var coins = 0

    subscript(currency: Currency) -> Int {
        get {
            switch currency {
            case .rupees: rupees
            case .dollars: dollars
            case .coins: coins
            }
        }
        set {
            switch currency {
            case .rupees: rupees = newValue
            case .dollars: dollars = newValue
            case .coins: coins = newValue
            }
        }
    }
}

/// A currency of a history; the raw value is its code in events.
enum Currency: String, CaseIterable {
    case rupees = "PKR"
    case dollars = "USD"
    case coins = "EHBGC"
}
