/// State that all themes of a history share: time, chance, plans, people and places.
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

    /// A random time in the days on which new activity begins, after the first hour.
    mutating func someTime() -> HistoryTime {
        HistoryTime.start + HistoryTime.hour + random.next(below: (extent.days * 24 - 1) * 60) * HistoryTime.minute
    }

    /// Plans the one visit of a quiet day, by which the clock goes on though nothing begins.
    mutating func passQuietDay() {
        if let person = someone() { agenda.add(.shop(.lookIn(person)), at: now + 59 * HistoryTime.minute) }
    }

    // MARK: Chance

    /// Decides on a rare event, which happens in so many of a thousand cases and the first time that it can.
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
    mutating func plan(_ step: HistoryStep, minutes: ClosedRange<Int>) {
        agenda.add(step, at: now + random.int(minutes) * HistoryTime.minute + random.next(below: HistoryTime.minute))
    }

    /// Plans a step for a moment within so many hours from now.
    mutating func plan(_ step: HistoryStep, hours: ClosedRange<Int>) {
        plan(step, minutes: hours.lowerBound * 60...hours.upperBound * 60)
    }

    /// Plans steps for the hour that begins now: a random number of them, about `perDay` in a thousand days of one
    /// person.
    mutating func planHour(_ perDay: Int, of people: Int, _ step: (inout Scene) -> HistoryStep?) {
        let hour = (now.milliseconds - HistoryTime.start.milliseconds) / HistoryTime.hour
        for _ in 0..<Rhythm.count(perDay, of: people, hour: hour, &random) {
            if let step = step(&self) { agenda.add(step, at: now + random.next(below: HistoryTime.hour)) }
        }
    }

    // MARK: People

    /// Someone who is registered and was not erased; nil where eight tries find nobody who fits.
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

/// Movements of money that several themes make.
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

    /// Makes a deposit where a wallet holds less than an amount.
    mutating func ensure(_ amount: Int, _ currency: Currency, for person: Int) {
        let missing = amount - people[person].purse[currency]
        guard missing > 0 else { return }
        let step = currency == .dollars ? 1000 : 50_000
        deposit((missing / step + random.int(1...6)) * step, currency, to: person)
    }

    /// Credits income to someone, which can be withdrawn once it has matured.
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

/// A rare event, which occurs in every history the first time that it can.
enum Rarity {
    /// The buyer disputes a card payment with the provider.
    case chargeback
    /// The money of a payment arrives after the payment was reported as failed.
    case latePayment
    /// One payment is reported in two messages.
    case repeatedPayment
    /// The seller forgets to send the goods.
    case unsentOrder
    /// The user of a service complains about it.
    case serviceComplaint
}

/// Distribution of activity over the hours of a day.
enum Rhythm {
    /// Share of each hour in the activity of a day, in thousandths.
    private static let hours = [
        12, 8, 5, 4, 5, 10, 20, 30, 40, 48, 54, 58, 60, 56, 54, 56, 60, 64, 70, 76, 78, 66, 42, 24,
    ]

    /// Number of occurrences in an hour of the day, rounded at random to keep the average.
    /// - Parameter perDay: the average number of occurrences in a thousand days of one person.
    static func count(_ perDay: Int, of people: Int, hour: Int, _ random: inout SeededRandom) -> Int {
        let expected = perDay * people * hours[hour % 24]
        return expected / 1_000_000 + (random.next(below: 1_000_000) < expected % 1_000_000 ? 1 : 0)
    }
}
