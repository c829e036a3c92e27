package import AgentKit
package import JSON
package import Rules

extension Machine {
    /// Folds an entry that the log already holds: reducers run, rules do not.
    /// - Parameter isForAppending: whether what the door asks about is kept too: which events were admitted, and the
    ///   last entry of each subject. An audit does without, and its memory does not grow with the log.
    /// - Throws: a rule set error where the entry puts rules in force that cannot be loaded.
    package func replay(_ document: Document, isForAppending: Bool = true) throws(RuleSetError) {
        guard let event = Event(document) else { return }
        replaying = event.sequence
        defer {
            replaying = nil
            if isForAppending, let subject = event.subject {
                state.subjects[subject] = SubjectRow(last: event.sequence)
            }
        }
        if event.agent == nil, let digest = foldDue(by: event.recordedTime) { adopt(try load(digest)) }
        if event.type == RulesetActivated.type { try adoptRecorded(event) }
        guard let type = ruleSet?.eventType(named: event.type) else {
            state.reduceBeforeRules(event)
            clock = event.recordedTime
            return
        }
        if event.rule != nil, let agent = event.agent { state.count(decisionOf: agent) }
        reduce(event, type)
        if isForAppending { admit(event) }
    }

    /// Goes on from views that have folded everything up to an entry: its rule set and its time are in force.
    package func restore(at sequence: EntrySequence) throws(RuleSetError) {
        if let entry = recorded(sequence), let event = Event(entry) { clock = event.recordedTime }
        guard let digest = activeRuleSet else { return }
        adopt(try load(digest))
    }

    private func adoptRecorded(_ event: Event) throws(RuleSetError) {
        state.reduceBeforeRules(event)
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
