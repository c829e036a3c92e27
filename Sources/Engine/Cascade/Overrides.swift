import AgentKit
import JSON
import Rules

/// Corrections of an administrator. One that moves more than the policy leaves to one person waits for another.
struct Overrides {
    /// The name of the timer at which a correction stops waiting.
    static let timer = "override"

    private let writer: CascadeWriter
    private let state: MachineState

    init(_ writer: CascadeWriter) {
        self.writer = writer
        state = writer.state
    }

    /// Carries a correction out, or has it wait for a second administrator.
    func decide(in context: CascadeContext) throws(CascadeLimit) {
        let event = context.step.event
        let (sequence, override) = (event.sequence, AdminOverride(event.data))
        guard state.overrides.concernsOwnOrders(override) else {
            return try refuse(sequence.padded, .orderDiffers, in: context)
        }
        guard let policy = state.ruleSets.inForce?.policy.fourEyes,
            let row = state.engine.overrides[OverrideRow.key(sequence)],
            state.overrides.exceedsLimit(row, sequence, policy)
        else { return try carry(out: override, in: context) }
        let limit = Instant(
            milliseconds: context.head.recordedTime.milliseconds + policy.hoursToApprove * 3_600_000)
        let until = max(.earliest, min(.latest, limit))
        var amounts = CanonicalWriter(capacity: 64)
        amounts.beginObject()
        for part in row.amounts {
            amounts.key(part.currency)
            amounts.int(part.amount.minorUnits)
        }
        amounts.endObject()
        try writer.append(
            OverridePendingData(amounts: amounts.bytes, by: row.by, override: sequence.padded, until: until),
            in: context)
        let timer = TimerRequest(timer: TimerName(name: Self.timer, key: sequence.padded), due: until)
        try writer.schedule(timer, by: .engine, in: context)
    }

    /// Carries out what waits once a second administrator approves. Folding the approval has decided already whether it
    /// counts.
    func decideApproval(in context: CascadeContext) throws(CascadeLimit) {
        let event = context.step.event
        let name = AdminOverrideApproved(event.data).override
        guard let sequence = EntrySequence(padded: name), let ruleSet = state.ruleSets.inForce,
            let row = state.engine.overrides[OverrideRow.key(sequence)],
            let asked = state.entries.recorded(sequence)?.root["data"]
        else { return try refuse(name, .unknownOverride, in: context) }
        guard row.approval == event.sequence else {
            switch row.status {
            case .pending: return try refuse(name, .sameAdministrator, in: context)
            case .expired: return try refuse(name, .expired, in: context)
            case .done, .refused: return try refuse(name, .finished, in: context)
            }
        }
        if let reason = reasonNotToCarryOut(asked, ruleSet) {
            try refuse(name, reason, in: context)
        } else {
            try carry(out: AdminOverride(asked), in: context)
        }
        let timer = TimerName(name: Self.timer, key: name)
        try writer.cancel(timer, of: Decider.engine.agent, by: .engine, in: context)
    }

    private func reasonNotToCarryOut(_ asked: View, _ ruleSet: RuleSet) -> OverrideRefusal? {
        do throws(Problem) { try CarriedDecisions.check(asked["emit"], under: ruleSet) } catch {
            // The rules changed while it waited, and what it carries is no longer a decision of theirs.
            return .expired
        }
        return state.overrides.concernsOwnOrders(AdminOverride(asked)) ? nil : .orderDiffers
    }

    /// Refuses a correction whose time for an approval is over.
    func expire(_ name: String, in context: CascadeContext) throws(CascadeLimit) {
        guard let sequence = EntrySequence(padded: name),
            state.engine.overrides[OverrideRow.key(sequence)]?.status == .pending
        else { return }
        try refuse(name, .expired, in: context)
    }

    private func refuse(
        _ override: String, _ reason: OverrideRefusal, in context: CascadeContext
    ) throws(CascadeLimit) {
        try writer.append(OverrideRefusedData(override: override, reason: reason.rawValue), in: context)
    }

    private func carry(out override: AdminOverride, in context: CascadeContext) throws(CascadeLimit) {
        for item in override.emit {
            guard let type = state.ruleSets.inForce?.eventType(named: item.type) else { continue }
            guard item.type == OverrideAmounts.closing, let data = item.data, type.schema.index(of: "by") != nil else {
                try writer.append(
                    carried: item.type, item.subject, item.data, because: nil, by: .engine, in: context)
                continue
            }
            try writer.append(
                type, subject: item.subject, data: Self.closedByOverride(data), because: nil, by: .engine, in: context)
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
}

/// Why a correction, or its approval, is refused.
private enum OverrideRefusal: String {
    case sameAdministrator = "same_administrator"
    case unknownOverride = "unknown_override"
    case finished
    case expired
    case orderDiffers = "order_differs"
}
