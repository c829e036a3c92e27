package import AgentKit
package import JSON
package import Rules

extension Machine {
    /// Folds an entry that the log already holds: reducers run, rules do not.
    /// - Parameter isForAppending: whether what the ingress asks about is kept too: which events were admitted, and the
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

extension Machine {
    /// Appends a trigger that a log holds, byte for byte, and derives again what follows from it: for explanations and
    /// recomputation. The machine must stand behind the entry before it (`resume(behind:)`).
    /// - Returns: nil where the entry is no trigger, or of a type that the rule set in force does not declare.
    package func append(recorded document: Document) -> Cascade? {
        guard let event = Event(document), event.agent == nil else { return nil }
        adoptDue(by: event.recordedTime)
        guard let type = ruleSet?.eventType(named: event.type) else {
            return nil
        }
        let start = mark()
        append(document.bytes, type: type, time: event.recordedTime)
        admit(event)
        if let subject = event.subject { state.subjects[subject] = SubjectRow(last: event.sequence) }
        let correlation = document.root["correlationid"]?.string.map(Correlation.given) ?? .trigger(event.sequence)
        let head = CascadeHead(
            recordedTime: event.recordedTime, correlation: correlation,
            traceParent: document.root["traceparent"]?.string, subject: event.subject)
        return runCascade(from: start, head: head)
    }
}

extension Machine {
    /// Plays triggers, those of the clock included, and takes all of it back: tables, chain, clock and timers. Dry runs
    /// may lie within each other.
    package func dryRun<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        try attempt { () throws(E) in (try body(), isKept: false) }
    }

    /// Plays triggers, those of the clock included, and takes all of it back unless `body` says that it is kept.
    package func attempt<R, E: Error>(_ body: () throws(E) -> (R, isKept: Bool)) throws(E) -> R {
        let start = mark()
        let wasTentative = isTentative
        // What fires leaves these two, and their tables have it again afterwards.
        let (upcoming, waitingItems) = (state.upcoming, state.waitingItems)
        isTentative = true
        var isKept = false
        defer {
            isTentative = wasTentative
            if !isKept {
                undo(to: start)
                state.upcoming = upcoming
                state.waitingItems = waitingItems
            }
        }
        let result: R
        (result, isKept) = try body()
        return result
    }
}
