import AgentKit
import JSON
import Rules

/// Corrections of an administrator. One that moves more than the policy leaves to one person waits for another.
extension Machine {
    /// The name of the timer at which a correction stops waiting.
    static let overrideTimer = "override"
    /// The decision whose amount is in the currency of the order that it is about.
    private static let closing = "complaint.closed"

    // MARK: Folding

    /// Remembers a correction with what it moves, as things are before it.
    func note(override event: Event) {
        state.overrides[OverrideRow.key(event.sequence)] = OverrideRow(
            by: event.authority, at: event.recordedTime, amounts: sum(of: AdminOverride(event.data)).amounts)
    }

    // MARK: Deciding

    /// Does what a correction carries, or has it wait for a second administrator.
    func decide(override step: CascadeStep, head: CascadeHead, first: EntrySequence) throws(CascadeLimit) {
        let (sequence, override) = (step.event.sequence, AdminOverride(step.event.data))
        guard concernsOwnOrders(override) else {
            return try refuse(sequence.padded, .orderDiffers, step: step, head: head, first: first)
        }
        guard let policy = ruleSet?.policy.fourEyes, let row = state.overrides[OverrideRow.key(sequence)],
            waits(row, sequence, policy)
        else { return try carry(out: override, step: step, head: head, first: first) }
        let limit = Instant(milliseconds: head.recordedTime.milliseconds + policy.hoursToApprove * 3_600_000)
        let until = max(.earliest, min(.latest, limit))
        var amounts = CanonicalWriter(capacity: 64)
        amounts.beginObject()
        for part in row.amounts {
            amounts.key(part.currency)
            amounts.int(part.amount.minorUnits)
        }
        amounts.endObject()
        try append(
            OverridePendingData(amounts: amounts.bytes, by: row.by, override: sequence.padded, until: until),
            step: step,
            head: head, first: first)
        let timer = TimerRequest(timer: TimerName(name: Self.overrideTimer, key: sequence.padded), due: until)
        try schedule(timer, by: .engine, step: step, head: head, first: first)
    }

    /// A second administrator approves what waits. Folding the approval has decided already whether it counts.
    func decide(approval step: CascadeStep, head: CascadeHead, first: EntrySequence) throws(CascadeLimit) {
        let name = AdminOverrideApproved(step.event.data).override
        func refuse(_ reason: OverrideRefusal) throws(CascadeLimit) {
            try self.refuse(name, reason, step: step, head: head, first: first)
        }
        guard let sequence = EntrySequence(padded: name), let row = state.overrides[OverrideRow.key(sequence)],
            let ruleSet, let asked = recorded(sequence)?.root["data"]
        else { return try refuse(.unknownOverride) }
        guard row.approval == step.event.sequence else {
            switch row.status {
            case .pending: return try refuse(.sameAdministrator)
            case .expired: return try refuse(.expired)
            case .done, .refused: return try refuse(.finished)
            }
        }
        let timer = TimerName(name: Self.overrideTimer, key: name)
        func stop() throws(CascadeLimit) {
            guard isScheduled(timer, agent: Decider.engine.agent) else { return }
            try cancel(timer, by: .engine, step: step, head: head, first: first)
        }
        do {
            try CarriedDecisions.check(asked["emit"], under: ruleSet)
        } catch {
            // The rules changed while it waited, and what it carries is no longer a decision of theirs.
            try refuse(.expired)
            return try stop()
        }
        guard concernsOwnOrders(AdminOverride(asked)) else {
            try refuse(.orderDiffers)
            return try stop()
        }
        try carry(out: AdminOverride(asked), step: step, head: head, first: first)
        try stop()
    }

    /// The time for an approval is over.
    func expire(override name: String, step: CascadeStep, head: CascadeHead, first: EntrySequence) throws(CascadeLimit)
    {
        guard let sequence = EntrySequence(padded: name),
            state.overrides[OverrideRow.key(sequence)]?.status == .pending
        else { return }
        try refuse(name, .expired, step: step, head: head, first: first)
    }

    private func refuse(
        _ override: String, _ reason: OverrideRefusal, step: CascadeStep, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        try append(
            OverrideRefusedData(override: override, reason: reason.rawValue), step: step, head: head, first: first)
    }

    private func carry(
        out override: AdminOverride, step: CascadeStep, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        for item in override.emit {
            guard let type = ruleSet?.eventType(named: item.type) else { continue }
            guard item.type == Self.closing, let data = item.data, type.schema.index(of: "by") != nil else {
                try append(
                    carried: item.type, item.subject, item.data, because: nil, by: .engine, step: step, head: head,
                    first: first)
                continue
            }
            try append(
                type, subject: item.subject, data: Self.closedByOverride(data), because: nil, by: .engine, step: step,
                head: head, first: first)
        }
    }

    /// Data that closes a complaint, with the correction named as its cause.
    private static func closedByOverride(_ data: View) -> [UInt8] {
        var members: [String: View] = [:]
        data.forEachMember { members[$0] = $1 }
        members["by"] = nil
        var writer = CanonicalWriter(capacity: 512)
        writer.beginObject()
        for name in (members.keys + ["by"]).sorted() {
            writer.key(name)
            if let value = members[name] { writer.value(value) } else { writer.string("override") }
        }
        writer.endObject()
        return writer.bytes
    }

    // MARK: How much it moves

    /// Returns true if a correction moves more, with what the same administrator moved before, than one person may alone.
    private func waits(_ row: OverrideRow, _ sequence: EntrySequence, _ policy: Policy.FourEyes) -> Bool {
        guard !row.amounts.isEmpty else { return false }
        var moved: [String: Int64] = [:]
        let since = Instant(milliseconds: row.at.milliseconds - policy.days * 86_400_000)
        state.overrides.forEachKey { key in
            guard let earlier = state.overrides[key], earlier.at > since else { return false }
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
            guard let type = ruleSet?.eventType(named: item.type), let data = item.data else { continue }
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
    private func concernsOwnOrders(_ override: AdminOverride) -> Bool {
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
        record(projection, key).flatMap { try? Document(adopting: $0) }?.root
    }
}

/// Why a correction, or its approval, is refused.
private enum OverrideRefusal: String {
    case sameAdministrator = "same_administrator"
    case unknownOverride = "unknown_override"
    case finished
    case expired
    case orderDiffers = "order_differs"
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
