import AgentKit
import JSON
import Rules

/// Amounts that corrections of administrators move, as things are before them.
final class OverrideAmounts {
    /// The decision whose amount is in the currency of the order that it is about.
    static let closing = "complaint.closed"

    private let engine: EngineState
    private let ruleSets: RuleSets
    private let projections: Projections

    init(engine: EngineState, ruleSets: RuleSets, projections: Projections) {
        self.engine = engine
        self.ruleSets = ruleSets
        self.projections = projections
    }

    /// Remembers a correction with what it moves.
    func note(_ event: Event) {
        engine.overrides[OverrideRow.key(event.sequence)] = OverrideRow(
            by: event.authority, at: event.recordedTime, amounts: sum(of: AdminOverride(event.data)).amounts)
    }

    /// Returns true if a correction moves more, with what the same administrator moved before, than one person may alone.
    func exceedsLimit(_ row: OverrideRow, _ sequence: EntrySequence, _ policy: Policy.FourEyes) -> Bool {
        guard !row.amounts.isEmpty else { return false }
        var moved: [String: Int64] = [:]
        let since = Instant(milliseconds: row.at.milliseconds - policy.days * 86_400_000)
        engine.overrides.forEachKey { key in
            guard let earlier = engine.overrides[key], earlier.at > since else { return false }
            guard earlier.by == row.by, earlier.status == .done, key != OverrideRow.key(sequence) else { return true }
            for part in earlier.amounts {
                moved[part.currency] = OverrideSum.sum(moved[part.currency] ?? 0, part.amount.minorUnits)
            }
            return true
        }
        return row.amounts.contains { part in
            guard let limit = policy.limits[part.currency] else { return true }
            return OverrideSum.sum(moved[part.currency] ?? 0, part.amount.minorUnits) > limit
        }
    }

    private func sum(of override: AdminOverride) -> OverrideSum {
        var sum = OverrideSum()
        for item in override.emit {
            guard let type = ruleSets.inForce?.eventType(named: item.type), let data = item.data else { continue }
            sum.add(data, type.amounts)
            if item.type == Self.closing { add(closing: data, to: &sum) }
            if item.type == TransferRequested.type { add(voided: TransferRequested(data), to: &sum) }
        }
        return sum
    }

    /// A pending transfer that is let go by its id alone moves its own amount.
    private func add(voided request: TransferRequested, to sum: inout OverrideSum) {
        for transfer in request.transfers where transfer.amount == 0 {
            guard let id = transfer.pendingId, let pending = fields("pendingTransfers", id) else { continue }
            sum.add(pending["amount"]?.int ?? 0, pending["currency"]?.string ?? "")
        }
    }

    /// The end of a complaint moves what goes back to the buyer; another end of one that had ended, the difference.
    private func add(closing data: View, to sum: inout OverrideSum) {
        let subject =
            data["orderId"]?.string.flatMap { fields("orders", $0) }
            ?? data["requestId"]?.string.flatMap { fields("serviceRequests", $0) }
        guard let subject, let currency = subject["currency"]?.string else { return }
        let stated = data["refundAmount"]?.int ?? 0
        let whole = OverrideSum.sum(subject["amount"]?.int ?? 0, subject["deliveryFee"]?.int ?? 0)
        let due =
            switch data["outcome"]?.string {
            case "rejected": Int64(0)
            case "partial": min(stated, whole)
            default: whole
            }
        let wasClosed = fields("complaints", data["complaintId"]?.string ?? "")?["status"]?.isString("closed") ?? false
        let before = wasClosed ? subject["refunded"]?.int ?? 0 : 0
        let moved = max(due, before) - min(due, before)
        sum.add(max(moved, data["outcome"]?.isString("rejected") ?? false ? 0 : stated), currency)
    }

    // MARK: What it is about

    /// Returns true if each complaint that it closes is one about the order, or request, that it names.
    func concernsOwnOrders(_ override: AdminOverride) -> Bool {
        override.emit.allSatisfy { item in
            guard item.type == Self.closing, let data = item.data else { return true }
            guard let complaint = fields("complaints", data["complaintId"]?.string ?? "") else { return false }
            func isSame(_ name: String) -> Bool {
                (complaint.member(name)?.string ?? "") == (data.member(name)?.string ?? "")
            }
            return isSame("orderId") && isSame("requestId")
        }
    }

    private func fields(_ projection: String, _ key: String) -> View? {
        projections.record(projection, key).flatMap { try? Document(adopting: $0) }?.root
    }
}

/// Amounts that a correction moves, by currency: all that is taken back and all that is paid.
struct OverrideSum {
    private var units: [String: Int64] = [:]

    /// The sums that are more than nothing, by currency in byte order.
    var amounts: [OverrideAmount] {
        units.filter { $0.value > 0 }.map { OverrideAmount(currency: $0.key, amount: Amount($0.value)) }
            .sorted { $0.currency.utf8.lexicographicallyPrecedes($1.currency.utf8) }
    }

    /// Adds an amount; a sum stays at the greatest that entries can carry.
    mutating func add(_ amount: Int64, _ currency: String) {
        units[currency] = Self.sum(units[currency] ?? 0, amount)
    }

    static func sum(_ a: Int64, _ b: Int64) -> Int64 {
        let (sum, overflows) = a.addingReportingOverflow(max(0, b))
        return overflows ? Amount.greatest.minorUnits : min(sum, Amount.greatest.minorUnits)
    }

    /// Adds every amount in the data of an event, each in the currency of the nearest record around it that has one.
    mutating func add(_ data: View, _ members: AmountMembers, in outer: String = "") {
        guard !members.isEmpty else { return }
        guard data.kind == .object else {
            if data.kind == .array { for element in data.children { add(element, members, in: outer) } }
            return
        }
        let currency = data["currency"]?.string ?? outer
        data.forEachMember { name, value in
            if members.contains(name) { add(value.int ?? 0, currency) }
            add(value, members.within(name), in: currency)
        }
    }
}
