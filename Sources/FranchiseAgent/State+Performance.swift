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

    /// Ends a complaint; one that nobody resolved counts for who had it last, and one that was clear at once for nobody.
    /// An override may end it again: then the last outcome counts.
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

    /// The sum of the last days that are over, as far as they are kept.
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
