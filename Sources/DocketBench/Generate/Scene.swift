/// What all themes of a history share: the time, the chance, the plans, the people and the places.
struct Scene {
    let extent: Extent
    var random: SeededRandom
    var agenda = Agenda()
    var lines = EventLines()
    var now = HistoryTime.start
    var people: [Person] = []
    let places: Places
    var locks: [Lock] = []
    var deposits = 0
    private var occurred: Set<Rarity> = []

    init(_ extent: Extent) {
        self.extent = extent
        random = SeededRandom(seed: extent.seed)
        places = Places(users: extent.users)
    }

    // MARK: Time

    /// Lets a little time pass between the events of the beginning, which all lie within the first hour.
    mutating func tick() {
        now = now + random.next(below: max(1, HistoryTime.hour / (20 * (extent.users + 20))))
    }

    /// Some moment of the days on which things begin, after the first hour.
    mutating func someTime() -> HistoryTime {
        HistoryTime.start + HistoryTime.hour + random.next(below: (extent.days * 24 - 1) * 60) * HistoryTime.minute
    }

    /// On a quiet day nothing begins; one visit shows that the marketplace is open and the clock goes on.
    mutating func passQuietDay() {
        if let person = someone() { agenda.add(.shop(.lookIn(person)), at: now + 59 * HistoryTime.minute) }
    }

    // MARK: Chance

    /// Decides on a rare event: it happens in so many of a thousand cases, and the first time that it can.
    mutating func happens(_ perThousand: Int, _ rarity: Rarity) -> Bool {
        let isChosen = random.chance(perThousand), isFirst = occurred.insert(rarity).inserted
        return isChosen || isFirst
    }

    // MARK: Events and plans

    /// Writes an event that happens now.
    mutating func emit(
        _ type: StaticString, from source: StaticString, about subject: Ident, _ data: (inout JSONText) -> Void
    ) {
        lines.add(type, from: source, about: .id(subject), at: now, data)
    }

    /// Plans a step for a moment within so many minutes from now.
    mutating func plan(_ step: Step, minutes: ClosedRange<Int>) {
        agenda.add(step, at: now + random.int(minutes) * HistoryTime.minute + random.next(below: HistoryTime.minute))
    }

    /// Plans a step for a moment within so many hours from now.
    mutating func plan(_ step: Step, hours: ClosedRange<Int>) {
        plan(step, minutes: hours.lowerBound * 60...hours.upperBound * 60)
    }

    /// Plans steps for the hour that begins now, as many as chance makes of what happens in a thousand days of one person.
    mutating func planHour(_ perDay: Int, of people: Int, _ step: (inout Scene) -> Step?) {
        let hour = (now.milliseconds - HistoryTime.start.milliseconds) / HistoryTime.hour
        for _ in 0..<Rhythm.count(perDay, of: people, hour: hour, &random) {
            if let step = step(&self) { agenda.add(step, at: now + random.next(below: HistoryTime.hour)) }
        }
    }

    // MARK: People

    /// Someone who is registered and was not erased; nil where chance meets only others.
    mutating func someone(where fits: (Person) -> Bool = { _ in true }) -> Int? {
        guard !people.isEmpty else { return nil }
        for _ in 0..<8 {
            let person = people[random.next(below: people.count)]
            if !person.isGone, fits(person) { return person.number }
        }
        return nil
    }

    /// Someone of a role.
    mutating func someone(_ role: Role) -> Int? {
        for _ in 0..<4 { if let found = someone(where: { $0.role == role }) { return found } }
        return nil
    }
}

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

/// Rare events, each of which occurs in every history the first time that it can.
enum Rarity {
    /// The buyer disputes a card payment with the provider.
    case chargeback
    /// Money of an attempt to pay comes after it was said to have failed.
    case latePayment
    /// One payment is reported in two messages.
    case repeatedPayment
    /// The seller forgets to send the goods.
    case unsentOrder
    /// The user of a service complains about it.
    case serviceComplaint
}

/// When in a day people are about.
enum Rhythm {
    /// How much of a day happens in each hour, in thousandths of the day.
    private static let hours = [
        12, 8, 5, 4, 5, 10, 20, 30, 40, 48, 54, 58, 60, 56, 54, 56, 60, 64, 70, 76, 78, 66, 42, 24,
    ]

    /// How often something happens in an hour of the day.
    /// - Parameter perDay: how often it happens on average in a thousand days of one person.
    static func count(_ perDay: Int, of people: Int, hour: Int, _ random: inout SeededRandom) -> Int {
        let expected = perDay * people * hours[hour % 24]
        return expected / 1_000_000 + (random.next(below: 1_000_000) < expected % 1_000_000 ? 1 : 0)
    }
}
