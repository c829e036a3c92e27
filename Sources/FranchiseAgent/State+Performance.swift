import AgentKit

extension FranchiseState {
    /// The tiers of franchises that have a share in an order.
    private static let tiers = ["sub", "master", "corporate"]

    /// Counts an order for every franchise that serves its area.
    func fold(_ order: OrderAccepted) {
        let area = order.area
        for tier in Self.tiers {
            guard let franchise = franchise(for: area, tier: tier) else { continue }
            count(franchise) { $0.orders += 1 }
        }
    }

    /// Midnight: the next day begins.
    func foldMidnight() { today.upsert(LedgerDay.key) { $0.number += 1 } }

    private var dayNumber: Int64 { today[LedgerDay.key]?.number ?? 0 }

    /// A complaint comes to its first franchise.
    func open(complaint id: String, with holder: String?) {
        holders[id] = ComplaintHolder(franchiseId: holder, day: dayNumber)
        if let holder { count(holder) { $0.complaints += 1 } }
    }

    /// Hands a complaint to the next franchise: the one that had it did not resolve it.
    func hand(complaint id: String, to holder: String?) {
        let before = holders[id]?.present
        holders.upsert(id) {
            if let before { $0.passed.append(before) }
            $0.franchiseId = holder
            $0.day = dayNumber
        }
        if let before { change(before) { $0.unresolved += 1 } }
        if let holder { count(holder) { $0.complaints += 1 } }
    }

    /// Ends a complaint; one that nobody resolved counts for who had it last, and one that was clear at once for
    /// nobody. An override may end it again: then the last outcome counts.
    func fold(_ closed: ComplaintClosed) {
        guard var holder = holders[closed.complaintId] else { return }
        if closed.by == "table", let present = holder.present { change(present) { $0.complaints -= 1 } }
        let before = holder.counted
        holder.outcome = closed.outcome
        holder.isUnfounded = closed.outcome == "rejected" && closed.by == "override"
        for pass in before { change(pass) { $0.unresolved -= 1 } }
        for pass in holder.counted { change(pass) { $0.unresolved += 1 } }
        holders[closed.complaintId] = holder
    }

    /// Changes the day on which a complaint came to a franchise, so that never more are unresolved than came.
    private func change(_ pass: ComplaintPass, _ change: (inout PerformanceDay) -> Void) {
        days.update(PerformanceDay.key(pass.franchiseId, day: pass.day)) { if $0.day == pass.day { change(&$0) } }
    }

    /// Counts a fine on the day on which it is imposed.
    func count(fine id: String, of franchise: String) {
        fineDays[id] = ComplaintPass(franchiseId: franchise, day: dayNumber)
        count(franchise) { $0.fines += 1 }
    }

    /// Takes a fine off the day on which it was imposed.
    func takeBack(fine id: String) {
        guard let pass = fineDays[id] else { return }
        fineDays[id] = nil
        change(pass) { $0.fines -= 1 }
    }

    func count(_ franchiseId: String, _ change: (inout PerformanceDay) -> Void) {
        let day = dayNumber
        days.upsert(PerformanceDay.key(franchiseId, day: day)) {
            if $0.day != day {
                $0 = PerformanceDay()
                $0.day = day
            }
            change(&$0)
        }
    }

    /// The sum of the last complete days, as far back as they are kept.
    func performance(_ franchiseId: String, days number: Int64) -> PerformanceDay {
        let today = dayNumber
        var sum = PerformanceDay()
        for day in (today - max(0, min(number, PerformanceDay.slots - 1)))..<today {
            guard let counted = days[PerformanceDay.key(franchiseId, day: day)], counted.day == day else { continue }
            sum.orders += counted.orders
            sum.complaints += counted.complaints
            sum.unresolved += counted.unresolved
            sum.fines += counted.fines
        }
        return sum
    }
}

/// The day that is under way: how many times midnight came since the ledger began, in the calendar's zone.
struct LedgerDay: Row {
    var number: Int64 = 0

    static let name = "ledgerDay"
    static let fields: RowFields<LedgerDay> = [.init("number", \.number)]

    /// The only row's key.
    static let key = "day"
}

/// The figures of one day, from midnight to midnight, that count for a franchise's rating. A franchise has a ring of
/// `slots` such rows: a day takes the place of the one that many days before.
struct PerformanceDay: Row {
    /// Counted like `LedgerDay.number`.
    var day: Int64 = 0
    var orders: Int64 = 0
    /// Complaints that came to it.
    var complaints: Int64 = 0
    /// Those of them that it let pass.
    var unresolved: Int64 = 0
    var fines: Int64 = 0

    static let name = "performanceDay"
    static let fields: RowFields<PerformanceDay> = [
        .init("day", \.day), .init("orders", \.orders), .init("complaints", \.complaints),
        .init("unresolved", \.unresolved), .init("fines", \.fines),
    ]

    /// Days that are kept, the one under way among them.
    static let slots: Int64 = 32

    static func key(_ franchiseId: String, day: Int64) -> String {
        franchiseId + "/" + String(day - day.floorDivided(by: slots) * slots)
    }
}

/// The franchise that has a complaint, or had it last, and those that let it pass before.
struct ComplaintHolder: Row {
    /// Absent where the area has no franchise of the tier.
    var franchiseId: String?
    /// Counted like `PerformanceDay.day`.
    var day: Int64 = 0
    /// The tiers that let it pass.
    var passed: [ComplaintPass] = []
    /// Absent while it is open.
    var outcome: String?
    /// Indicates that an override rejected it, so that it counts against nobody.
    var isUnfounded = false

    static let name = "complaintHolder"
    static let fields: RowFields<ComplaintHolder> = [
        .init("franchiseId", \.franchiseId), .init("day", \.day), .init("passed", \.passed),
        .init("outcome", \.outcome), .init("isUnfounded", \.isUnfounded),
    ]

    /// The franchise that has it now; nil where the area has none of the tier.
    var present: ComplaintPass? { franchiseId.map { ComplaintPass(franchiseId: $0, day: day) } }

    /// Those against whom it counts.
    var counted: [ComplaintPass] {
        guard !isUnfounded else { return [] }
        return outcome == "unresolved" ? passed + [present].compactMap(\.self) : passed
    }
}

/// A franchise that let a complaint pass, with the day on which the complaint came to it.
struct ComplaintPass: Row {
    var franchiseId = ""
    /// Counted like `PerformanceDay.day`.
    var day: Int64 = 0

    static let name = "complaintPass"
    static let fields: RowFields<ComplaintPass> = [.init("franchiseId", \.franchiseId), .init("day", \.day)]
}
