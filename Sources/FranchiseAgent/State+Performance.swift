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

    /// Hands a complaint to the next franchise: the one that had it did not resolve it.
    func hand(complaint id: String, to holder: String?) {
        giveUp(id)
        holders.upsert(id) {
            $0.franchiseId = holder
            $0.day = dayNumber
        }
        if let holder { count(holder) { $0.complaints += 1 } }
    }

    /// Ends a complaint; one that nobody resolved counts for who had it last.
    func fold(_ closed: ComplaintClosed) {
        if closed.outcome == "unresolved" { giveUp(closed.complaintId) }
        holders[closed.complaintId] = nil
    }

    /// A complaint counts as unresolved on the day it came to the franchise, so never more are unresolved than came.
    private func giveUp(_ complaintId: String) {
        guard let holder = holders[complaintId], let franchise = holder.franchiseId else { return }
        days.update(PerformanceDay.key(franchise, day: holder.day)) { if $0.day == holder.day { $0.unresolved += 1 } }
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
