import AgentKit

extension FranchiseState {
    /// The tiers of franchises that have a share in an order.
    private static let tiers = ["sub", "master", "corporate"]

    /// Counts an order for every franchise that serves its area.
    func fold(ordered data: View, at time: Instant) {
        let area = data.text("area")
        for tier in Self.tiers {
            guard let franchise = franchise(for: area, tier: tier) else { continue }
            count(franchise, at: time) { $0.orders += 1 }
        }
    }

    /// Hands a complaint to the next franchise: the one that had it did not resolve it.
    func fold(complaint data: View, at time: Instant) {
        let id = data.text("complaintId")
        giveUp(id)
        let holder = data["franchiseId"]?.string
        holders.upsert(id) {
            $0.franchiseId = holder
            $0.since = time
        }
        if let holder { count(holder, at: time) { $0.complaints += 1 } }
    }

    /// Ends a complaint; one that nobody resolved counts for who had it last.
    func fold(complaintClosed data: View) {
        let id = data.text("complaintId")
        if data["outcome"]?.isString("unresolved") == true { giveUp(id) }
        holders[id] = nil
    }

    /// A complaint counts as unresolved on the day it came to the franchise, so never more are unresolved than came.
    private func giveUp(_ complaintId: String) {
        guard let holder = holders[complaintId], let franchise = holder.franchiseId else { return }
        let day = PerformanceDay.day(of: holder.since)
        days.update(PerformanceDay.key(franchise, day: day)) { if $0.day == day { $0.unresolved += 1 } }
    }

    func count(_ franchiseId: String, at time: Instant, _ change: (inout PerformanceDay) -> Void) {
        let day = PerformanceDay.day(of: time)
        days.upsert(PerformanceDay.key(franchiseId, day: day)) {
            if $0.day != day {
                $0 = PerformanceDay()
                $0.day = day
            }
            change(&$0)
        }
    }

    /// The sum of the days after that of `from` up to that of `to`, as far as they are kept.
    func performance(_ franchiseId: String, from: Instant, to: Instant) -> PerformanceDay {
        let last = PerformanceDay.day(of: to)
        var day = max(PerformanceDay.day(of: from), last - PerformanceDay.slots)
        var sum = PerformanceDay()
        while day < last {
            day += 1
            guard let counted = days[PerformanceDay.key(franchiseId, day: day)], counted.day == day else { continue }
            sum.orders += counted.orders
            sum.complaints += counted.complaints
            sum.unresolved += counted.unresolved
            sum.fines += counted.fines
        }
        return sum
    }
}
