import AgentKit

/// Evaluates rules one after another in one activation, which is made once. A `RuleFailure` that is thrown while a rule
/// decides ends the rule, and its `onError` stands in.
final class Evaluator {
    /// Bytes of a decision's data at most; the engine holds the whole entry to its own limit.
    static let dataBytesMax = 65_535
    /// Cost units one rule may take on one event.
    static let costMax: UInt64 = 1_000_000
    /// Cost units of a decision, whatever is in it, so that a long `each` is bounded too.
    static let decisionCost: UInt64 = 10
    /// Bytes of a decision's data that cost one unit.
    static let bytesPerCost = 16

    let activation: Activation
    private let slots: RuleEnvironment.Slots
    private let entry = EntryHost()
    let locals: RuleLocals
    private var writer = ValueWriter()
    private var costLeft: UInt64 = 0

    init(_ environment: RuleEnvironment, _ policy: Policy) {
        slots = environment.slots
        activation = Activation(slots: slots.count)
        locals = RuleLocals(activation)
        activation[slots.event] = .host(entry, 0)
        activation[slots.variables] = .host(locals, RuleLocals.variablesNode)
        for (slot, projection) in zip(slots.projections, environment.projections) {
            let given = projection.name == Policy.projection ? policy.rows : [:]
            activation[slot] = .host(ProjectionHost(projection, locals, given: given), 0)
        }
        for (slot, table) in zip(slots.tables, environment.tables) {
            activation[slot] = .host(RecordTableHost(table, locals), 0)
        }
    }

    func evaluate(_ rule: CompiledRule, on event: Event, trace: RuleTrace?) -> RuleOutcome {
        guard let plan = rule.plan else {
            let failure = RuleFailure(.type, rule.errors.first.map { "\($0)" } ?? "cannot be compiled")
            trace?.failure = failure
            return .failed(code: failure.code, onError: nil)
        }
        entry.enter(event)
        locals.enter(plan)
        activation[slots.params] = plan.parameters
        if let table = plan.table { activation[table.slot] = .host(locals, RuleLocals.tableNode) }
        costLeft = Self.costMax
        defer { if let trace { note(plan, trace) } }
        do throws(RuleFailure) {
            return try decide(plan)
        } catch {
            trace?.failure = error
            writer.clear()
            return .failed(code: error.code, onError: fallBack(plan))
        }
    }

    private func decide(_ plan: RulePlan) throws(RuleFailure) -> RuleOutcome {
        let holds = try plan.when.map { when throws(RuleFailure) in try flag(when) } ?? true
        guard holds || plan.otherwise != nil else { return .silent }
        var decisions = Decisions()
        if holds, let refusal = try refusal(plan) {
            decisions.refusal = refusal
            decisions.isOtherwise = true
            for claim in plan.claims { try add(claim, to: &decisions.claims) }
            try emit(plan.refusals[refusal].emit, &decisions.emissions)
            decisions.because = plan.refusals[refusal].because.map(text)
            return .decided(decisions)
        }
        for claim in plan.claims { try add(claim, to: &decisions.claims) }
        if holds {
            try emit(plan.emit, &decisions.emissions)
            for timer in plan.timers { try add(timer, to: &decisions) }
            for timer in plan.cancels { try add(timer, to: &decisions) }
            if let quorum = plan.quorum { decisions.quorum = try request(quorum) }
        } else {
            decisions.isOtherwise = true
            try emit(plan.otherwise ?? [], &decisions.emissions)
        }
        decisions.because = plan.because.map(text)
        return .decided(decisions)
    }

    private func fallBack(_ plan: RulePlan) -> [Emission]? {
        guard let onError = plan.onError else { return nil }
        costLeft = Self.costMax
        var emissions: [Emission] = []
        do throws(RuleFailure) {
            try emit(onError, &emissions)
            return emissions
        } catch {
            writer.clear()
            return nil
        }
    }

    /// The value of an expression, charged to the rule.
    func value(_ program: Program) throws(RuleFailure) -> Value {
        activation.costLimit = costLeft
        let value = program.evaluate(activation)
        costLeft -= min(costLeft, activation.cost)
        if case .error(let error) = value { throw RuleFailure(error) }
        return value
    }

    /// Charges the rule for a decision.
    private func charge(bytes: Int) throws(RuleFailure) {
        let cost = Self.decisionCost + UInt64(bytes / Self.bytesPerCost)
        guard cost <= costLeft else {
            costLeft = 0
            throw RuleFailure(.cost, "the rule decides more than its cost limit allows")
        }
        costLeft -= cost
    }

    private func flag(_ program: Program) throws(RuleFailure) -> Bool {
        guard case .bool(let flag) = try value(program) else { throw RuleFailure(.type, "a condition must be a bool") }
        return flag
    }

    private func holds(_ condition: Program?) throws(RuleFailure) -> Bool {
        guard let condition else { return true }
        return try flag(condition)
    }

    private func text(_ program: Program) throws(RuleFailure) -> String { try string(try value(program)) }

    private func string(_ value: Value) throws(RuleFailure) -> String {
        guard let text = value.stringValue else { throw RuleFailure(.type, "must be a string") }
        return text
    }

    /// A reason: said last and from what is left of the rule's cost, so that no text fails a rule.
    private func text(_ plan: TextPlan) -> String {
        plan.text { program in
            activation.costLimit = costLeft
            let value = program.evaluate(activation)
            costLeft -= min(costLeft, activation.cost)
            return value
        }
    }

    /// The first line of `refuse` that holds.
    private func refusal(_ plan: RulePlan) throws(RuleFailure) -> Int? {
        for (index, line) in plan.refusals.enumerated() where try flag(line.when) { return index }
        return nil
    }

    private func add(_ claim: Program, to claims: inout [String]) throws(RuleFailure) {
        let value = try value(claim)
        if let text = value.stringValue {
            claims.append(text)
            return
        }
        try forEach(value) { item throws(RuleFailure) in
            guard let text = item.stringValue else { throw RuleFailure(.type, "a claim must be a string") }
            claims.append(text)
        }
    }

    private func request(_ quorum: RulePlan.Quorum) throws(RuleFailure) -> QuorumRequest {
        guard case .duration(let within) = try value(quorum.within), within.nanos > 0 else {
            throw RuleFailure(.type, "`within` must be a duration over zero")
        }
        return QuorumRequest(
            of: quorum.of, need: quorum.need, withinMilliseconds: within.milliseconds,
            reference: try text(quorum.reference))
    }

    private func add(_ timer: RulePlan.Timer, to decisions: inout Decisions) throws(RuleFailure) {
        guard let each = timer.each else {
            guard try holds(timer.condition) else { return }
            return try addOne(timer, to: &decisions)
        }
        try forEach(try value(each)) { item throws(RuleFailure) in
            activation[timer.itemSlot] = item
            guard try holds(timer.condition) else { return }
            try addOne(timer, to: &decisions)
        }
    }

    private func addOne(_ timer: RulePlan.Timer, to decisions: inout Decisions) throws(RuleFailure) {
        let name = TimerName(name: timer.name, key: try text(timer.key))
        try charge(bytes: name.key.utf8.count)
        guard let at = timer.at else {
            decisions.cancels.append(name)
            return
        }
        guard case .timestamp(let due) = try value(at) else { throw RuleFailure(.type, "`at` must be a timestamp") }
        decisions.timers.append(TimerRequest(timer: name, due: Instant(milliseconds: due.milliseconds)))
    }

    private func emit(_ plans: [RulePlan.Emit], _ emissions: inout [Emission]) throws(RuleFailure) {
        for plan in plans {
            guard let each = plan.each else {
                if try holds(plan.condition) { emissions.append(try emission(plan)) }
                continue
            }
            try forEach(try value(each)) { item throws(RuleFailure) in
                activation[plan.itemSlot] = item
                if try holds(plan.condition) { emissions.append(try emission(plan)) }
            }
        }
    }

    private func joined(_ pieces: [DataPlan.Piece], _ currency: CurrencyCode?) throws(RuleFailure) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .literal(let literal): text += literal
            case .currency:
                guard let currency else { throw ValueWriter.noCurrency }
                text += currency.text
            case .value(let program):
                let value = try value(program)
                if case .int(let number) = value {
                    text += String(number)
                } else if let part = value.stringValue {
                    text += part
                } else {
                    throw RuleFailure(.type, "a part of a text must be a string or an int")
                }
            }
        }
        return text
    }

    /// The subject of a decision as far as it is known before the data are written; empty where there is none.
    private func subject(_ plan: RulePlan.Emit) throws(RuleFailure) -> String? {
        switch plan.subject {
        case .triggers: return nil
        case .nothing, .member: return ""
        case .value(let program):
            let value = try value(program)
            guard case .optional(let optional) = value else { return try string(value) }
            guard let content = optional.value else { return "" }
            return try string(content)
        }
    }

    /// A member of data that were computed as a whole; empty where it is absent.
    private func subject(_ name: String, in data: [UInt8]) -> String {
        (try? Document(adopting: data))?.root.member(name)?.string ?? ""
    }

    private func emission(_ plan: RulePlan.Emit) throws(RuleFailure) -> Emission {
        var subject = try subject(plan)
        try write(plan.data, nil, to: &writer)
        let data = writer.takeBytes()
        guard data.count <= Self.dataBytesMax else {
            throw RuleFailure(.size, "data is larger than \(Self.dataBytesMax) bytes")
        }
        try charge(bytes: data.count)
        if case .member(let name) = plan.subject { subject = self.subject(name, in: data) }
        return Emission(type: plan.type, subject: subject, data: data)
    }

    private func write(
        _ plan: DataPlan, _ constraint: Constraint?, to writer: inout ValueWriter
    ) throws(RuleFailure) {
        switch plan {
        case .constant(let json): writer.raw(json)
        case .text(let pieces):
            try writer.write(.string(try joined(pieces, writer.currency)), .string, constraint)
        case .value(let program, let type): try writer.write(try value(program), type, constraint)
        case .elements(let plans):
            writer.beginArray()
            for plan in plans { try write(plan, nil, to: &writer) }
            writer.endArray()
        case .members(let members):
            writer.beginObject()
            for member in members { try write(member, to: &writer) }
            writer.endObject()
        case .money(let members): try writeMoney(members, to: &writer)
        case .currency: throw ValueWriter.noCurrency
        }
    }

    func write(_ member: DataPlan.Member, to writer: inout ValueWriter) throws(RuleFailure) {
        if member.isOptionalEntry { return try writeOptional(member, to: &writer) }
        writer.key(member.utf8)
        try write(member.plan, member.constraint, to: &writer)
    }

    private func writeOptional(_ member: DataPlan.Member, to writer: inout ValueWriter) throws(RuleFailure) {
        guard case .value(let program, _) = member.plan else {
            throw RuleFailure(.type, "an optional entry needs an optional")
        }
        try writeOptional(member, try value(program), to: &writer)
    }

    func writeOptional(
        _ member: DataPlan.Member, _ value: Value, to writer: inout ValueWriter
    ) throws(RuleFailure) {
        guard case .value(_, let type) = member.plan, case .optional(let optional) = value else {
            throw RuleFailure(.type, "an optional entry needs an optional")
        }
        guard let content = optional.value else { return }
        writer.key(member.utf8)
        try writer.write(content, type, member.constraint)
    }

    private func forEach(_ list: Value, _ body: (Value) throws(RuleFailure) -> Void) throws(RuleFailure) {
        switch list {
        case .list(let items): for item in items { try body(item) }
        case .host(let host, let node) where host.kind(node) == .list:
            for index in 0..<host.count(node) {
                if let item = host.element(node, index) { try body(item) }
            }
        default: throw RuleFailure(.type, "must be a list")
        }
    }
}
