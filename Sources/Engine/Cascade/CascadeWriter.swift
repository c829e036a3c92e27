import AgentKit
import EventLog
import JSON
import Rules

/// A place to which a machine can be taken back.
struct Savepoint {
    let journal: Journal.Mark
    /// The number of entries in the chain.
    let count: Int
    let clock: Instant
    let admitted: Int
    let ruleSet: RuleSet?
    let waiting: [String: RuleSet]
}

/// Appends entries behind one another, folds each, and queues those whose rules are still to run.
final class CascadeWriter {
    let state: MachineState
    private(set) var encoder = EntryEncoder()
    /// The entries of the present cascade whose rules run, in order.
    private(set) var queue: [CascadeStep] = []
    /// Entries since the last commit that erase a person.
    var erasing: [EntrySequence] = []

    init(_ state: MachineState) { self.state = state }

    // MARK: Triggers

    /// Appends a producer's entry whose holes are filled.
    func append(_ bytes: [UInt8], type: EventType, time: Instant) {
        let sequence = state.entries.next
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe state.entries.chain.append(bytes)
            guard let document = try? unsafe Document(canonical: bytes) else {
                preconditionFailure("the ingress passed an event that is not canonical")
            }
            take(Event(document, sequence: sequence, type: type.name, recordedTime: time), type, depth: 0)
        }
    }

    /// Appends a producer's entry that was recorded before, and is parsed already.
    func append(_ document: Document, type: EventType, time: Instant) {
        let sequence = state.entries.next
        unsafe document.withBytes { unsafe state.entries.chain.append($0) }
        take(Event(document, sequence: sequence, type: type.name, recordedTime: time), type, depth: 0)
    }

    /// Appends a trigger of the clock (`source` `/clock`) or of the ledger itself (`/engine`).
    func append<D: EventData>(
        trigger data: D, subject: String?, authority: String, source: String, cause: EntrySequence?, time: Instant
    ) {
        guard let type = state.ruleSets.inForce?.eventType(named: D.type) else {
            preconditionFailure("no type `\(D.type)`")
        }
        let sequence = state.entries.next
        unsafe data.bytes.withUnsafeBytes { data in
            unsafe encoder.trigger(
                type: D.type, subject: subject, data: data, authority: authority, source: source, cause: cause,
                at: sequence, time: time, after: state.entries.chain)
        }
        appendEncoded(type: type, depth: 0, time: time)
        state.note(sequence, of: subject)
    }

    /// Appends the entry that the encoder just wrote, folds it and queues its rules.
    private func appendEncoded(type: EventType, depth: Int, time: Instant) {
        let sequence = state.entries.next
        unsafe encoder.writer.withBytes { bytes in
            unsafe state.entries.chain.append(bytes)
            state.clock = time
            guard state.ruleSets.handling[type.index].isRead else { return }
            guard let document = try? unsafe Document(canonical: bytes) else {
                preconditionFailure("the engine encoded an entry that is not canonical")
            }
            take(Event(document, sequence: sequence, type: type.name, recordedTime: time), type, depth: depth)
        }
    }

    private func take(_ event: Event, _ type: EventType, depth: Int) {
        let earlier = state.reduce(event, type)
        let handling = state.ruleSets.handling[type.index]
        if handling.isErasure { erasing.append(event.sequence) }
        guard !handling.rules.all.isEmpty || handling.reaction != nil || handling.isScheduleItem || earlier != nil
        else { return }
        queue.append(CascadeStep(event: event, type: type, depth: depth, earlier: earlier))
    }

    /// Forgets the entries whose rules are still to run.
    func clearQueue() { queue.removeAll(keepingCapacity: true) }

    // MARK: Decisions

    /// Appends one decision caused by the entry of the context's step.
    /// - Throws: a limit of the cascade that the decision would go beyond.
    func append(
        _ type: EventType, subject: String?, data: [UInt8], because: String?, by decider: Decider,
        in context: CascadeContext
    ) throws(CascadeLimit) {
        guard context.step.depth < Machine.cascadeDepthMax else { throw .depth }
        let sequence = state.entries.next
        guard sequence.value - context.first.value < UInt64(Machine.cascadeEntriesMax) else { throw .entries }
        encode(
            type, subject: subject, data: data, because: because, by: decider, cause: context.step.cause,
            head: context.head)
        if decider.isAgent { state.engine.count(decisionOf: decider.agent) }
        appendEncoded(type: type, depth: context.step.depth + 1, time: context.head.recordedTime)
        state.note(sequence, of: context.head.subject(subject))
    }

    private func encode(
        _ type: EventType, subject: String?, data: [UInt8], because: String?, by decider: Decider,
        cause: EntrySequence, head: CascadeHead
    ) {
        unsafe data.withUnsafeBytes { data in
            unsafe encoder.decision(
                type: type.name, subject: subject, data: data, because: because, by: decider,
                ruleSet: state.ruleSets.inForce?.digest ?? "", cause: cause, at: state.entries.next, head: head,
                after: state.entries.chain)
        }
    }

    /// Appends a decision of the engine itself.
    func append<D: EventData>(
        _ data: D, subject: String? = nil, because: String? = nil, by decider: Decider = .engine,
        in context: CascadeContext
    ) throws(CascadeLimit) {
        guard let type = state.ruleSets.inForce?.eventType(named: D.type) else { return }
        try append(type, subject: subject, data: data.bytes, because: because, by: decider, in: context)
    }

    /// Appends a decision that an entry carries.
    func append(
        carried name: String, _ subject: String?, _ data: View?, because: String?, by decider: Decider,
        in context: CascadeContext
    ) throws(CascadeLimit) {
        guard let type = state.ruleSets.inForce?.eventType(named: name) else { return }
        var writer = CanonicalWriter(capacity: 512)
        if let data { writer.value(data) } else { writer.raw("{}") }
        try append(type, subject: subject, data: writer.bytes, because: because, by: decider, in: context)
    }

    /// Appends and folds an entry of a type that only rules or the engine append, as the first of a cascade: rule tests
    /// state facts so.
    func append(fact type: EventType, subject: String?, data: [UInt8], head: CascadeHead) {
        let sequence = state.entries.next
        let decider = Decider(agent: type.owner, rule: nil, source: "/agents/" + type.owner)
        encode(type, subject: subject, data: data, because: nil, by: decider, cause: sequence, head: head)
        appendEncoded(type: type, depth: 0, time: head.recordedTime)
        state.note(sequence, of: subject)
    }

    /// Appends a trigger again that was taken back, without queueing its rules.
    func restore(_ trigger: Document, _ event: Event, _ type: EventType) {
        unsafe trigger.withBytes { unsafe state.entries.chain.append($0) }
        state.reduce(event, type)
        state.admit(event)
    }

    func alert(
        _ id: String, severity: String, what: String, reference: String?, in context: CascadeContext
    ) throws(CascadeLimit) {
        try append(AlertRaisedData(alertId: id, reference: reference, severity: severity, what: what), in: context)
    }

    // MARK: Timers

    func schedule(_ request: TimerRequest, by decider: Decider, in context: CascadeContext) throws(CascadeLimit) {
        try append(
            TimerScheduledData(due: request.due, key: request.timer.key, name: request.timer.name),
            subject: request.timer.key, by: decider, in: context)
    }

    /// Cancels an agent's timer if it is set.
    func cancel(
        _ timer: TimerName, of agent: String, by decider: Decider, in context: CascadeContext
    ) throws(CascadeLimit) {
        guard state.timers.isScheduled(timer, agent: agent) else { return }
        try append(
            TimerCancelledData(key: timer.key, name: timer.name), subject: timer.key, by: decider, in: context)
    }

    // MARK: Taking back

    func mark() -> Savepoint {
        Savepoint(
            journal: state.tables.journal.mark(), count: state.entries.chain.count, clock: state.clock,
            admitted: state.admitted.count, ruleSet: state.ruleSets.inForce, waiting: state.ruleSets.waiting)
    }

    func undo(to savepoint: Savepoint) {
        state.tables.journal.undo(to: savepoint.journal)
        state.entries.chain.truncate(to: savepoint.count)
        let next = state.entries.next
        erasing.removeAll { $0 >= next }
        state.clock = savepoint.clock
        state.timers.forgetSchedule()
        state.admitted.forget(from: savepoint.admitted)
        clearQueue()
        state.engine.nextRuleSetFrom = .earliest
        state.ruleSets.waiting = savepoint.waiting
        if let before = savepoint.ruleSet, before !== state.ruleSets.inForce { state.put(inForce: before) }
    }
}
