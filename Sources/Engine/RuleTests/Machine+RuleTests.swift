import AgentKit
import EventLog
import Rules

extension Machine {
    /// Lets the clock go on to a moment; what is due by then fires.
    func moveClock(to time: Instant) throws(RuleTestProblem) {
        try fireAll(by: time)
        clock = max(clock, time)
    }

    /// Fires what is due by then.
    /// - Throws: a problem where it does not end: a rule may set a timer that is due at once, again and again.
    func fireAll(by time: Instant) throws(RuleTestProblem) {
        let first = chain.count
        while fireNext(by: time) != nil {
            guard chain.count - first <= Self.clockEntriesMax else {
                throw RuleTestProblem(
                    line: 0,
                    "more than \(Self.clockEntriesMax) entries follow from the clock: is a timer due at once, again and again?"
                )
            }
        }
    }

    /// Entries that one step of the clock may lead to in a test.
    private static let clockEntriesMax = 50_000

    /// Appends and folds an entry of a type that only rules or the engine append.
    /// - Parameter isAsked: whether the rules on it decide, and what they decide is appended too.
    func fold(_ type: EventType, subject: String?, data: [UInt8], isAsked: Bool) {
        let start = mark()
        let sequence = next
        let head = CascadeHead(
            recordedTime: clock, correlation: .trigger(sequence), traceParent: nil, subject: nil)
        let decider = Decider(agent: type.owner, rule: nil, source: "/agents/" + type.owner)
        unsafe data.withUnsafeBytes { data in
            unsafe composer.decision(
                type: type.name, subject: subject, data: data, because: nil, by: decider,
                ruleSet: ruleSet?.digest ?? "", cause: sequence, at: sequence, head: head, after: chain)
        }
        appendComposed(type: type, depth: 0, time: clock)
        if let subject { state.subjects[subject] = SubjectRow(last: sequence) }
        if isAsked { _ = runCascade(from: start, head: head) }
        queue.removeAll(keepingCapacity: true)
    }
}
