package import AgentKit
package import JSON
package import Rules

extension Machine {
    /// Folds an entry that the log already holds: reducers run, rules do not.
    /// - Parameters:
    ///   - isForAppending: whether what the ingress asks about is kept too: which events were admitted, and the last entry
    ///     of each subject. An audit does without, and its memory does not grow with the log.
    ///   - isAdmitted: whether the index of admitted events is kept where the rest of it is.
    /// - Throws: a rule set error where the entry puts rules in force that cannot be loaded.
    package func replay(
        _ document: Document, isForAppending: Bool = true, isAdmitted: Bool = true
    ) throws(RuleSetError) {
        guard let event = Event(document) else { return }
        state.replaying = event.sequence
        defer {
            state.replaying = nil
            if isForAppending { state.note(event.sequence, of: event.subject) }
        }
        if event.agent == nil, let digest = state.ruleSets.foldDue(by: event.recordedTime) { adopt(try load(digest)) }
        if event.type == RulesetActivated.type { try adoptRecorded(event) }
        guard let type = ruleSet?.eventType(named: event.type) else {
            state.engine.reduceBeforeRules(event)
            clock = event.recordedTime
            return
        }
        if event.rule != nil, let agent = event.agent { state.engine.count(decisionOf: agent) }
        state.reduce(event, type)
        if isForAppending, isAdmitted { state.admit(event) }
    }

    /// Goes on from views that have folded everything up to an entry: its rule set and its time are in force.
    /// - Throws: `RuleSetError` where the rule set in force cannot be loaded.
    package func restore(at sequence: EntrySequence) throws(RuleSetError) {
        if let entry = recorded(sequence), let event = Event(entry) { clock = event.recordedTime }
        guard let digest = activeRuleSet else { return }
        adopt(try load(digest))
    }

    private func adoptRecorded(_ event: Event) throws(RuleSetError) {
        state.engine.reduceBeforeRules(event)
        let digest = RulesetActivated(event.data).digest
        guard activeRuleSet == digest, digest != ruleSet?.digest else { return }
        adopt(try load(digest))
    }
}

extension EngineState {
    /// Folds the entries before the first rule set is in force.
    func reduceBeforeRules(_ event: Event) {
        if let fold = EngineFold(event) { reduce(fold, event) }
    }
}

extension Machine {
    /// Appends a trigger that a log holds, byte for byte, and derives again what follows from it: for explanations and
    /// recomputation. The machine must stand behind the entry before it (`resume(behind:)`).
    /// - Parameter isAdmitted: whether the index of admitted events is kept, too, whose size grows with the log.
    /// - Returns: nil where the entry is no trigger, or of a type that the rule set in force does not declare.
    package func append(recorded document: Document, isAdmitted: Bool = true) -> Cascade? {
        guard let event = Event(document), event.agent == nil else { return nil }
        state.adoptDue(by: event.recordedTime)
        guard let type = ruleSet?.eventType(named: event.type) else {
            return nil
        }
        let start = mark()
        writer.append(document, type: type, time: event.recordedTime)
        if isAdmitted { state.admit(event) }
        state.note(event.sequence, of: event.subject)
        let correlation = document.root["correlationid"]?.string.map(Correlation.given) ?? .trigger(event.sequence)
        let head = CascadeHead(
            recordedTime: event.recordedTime, correlation: correlation,
            traceParent: document.root["traceparent"]?.string, subject: event.subject)
        return cascades.run(from: start, head: head)
    }
}
