import AgentKit
import Rules

extension Machine {
    /// Lets the clock go on to a moment; what is due by then fires.
    func moveClock(to time: Instant) {
        while fireNext(by: time) != nil {}
        clock = max(clock, time)
    }

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
