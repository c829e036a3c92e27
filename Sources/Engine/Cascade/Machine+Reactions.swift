import AgentKit
import JSON
import Rules

extension Machine {
    /// What the engine itself decides on an entry, before the rules of the agents.
    func react(
        _ reaction: EngineReaction, to step: Step, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        let data = step.event.data
        switch reaction {
        case .voteCast: try count(vote: step, head: head, first: first)
        case .timerFired:
            let timer = TimerFired(data)
            if timer.name == Self.proposalTimer {
                try expire(proposal: timer.key, step: step, head: head, first: first)
            } else if timer.name == Self.overrideTimer, timer.agent == Decider.engine.agent {
                try expire(override: timer.key, step: step, head: head, first: first)
            }
        case .overridden: try decide(override: step, head: head, first: first)
        case .approved: try decide(approval: step, head: head, first: first)
        case .retried: try retry(step, head: head, first: first)
        }
    }

    /// Evaluates the event of a dead letter again, as of now and under the rule set in force, without folding it again.
    private func retry(_ step: Step, head: CascadeHead, first: EntrySequence) throws(CascadeLimit) {
        guard let ruleSet, let sequence = EntrySequence(padded: DeadletterRetried(step.event.data).sequence),
            let original = recorded(sequence), let again = atTime(original, head.recordedTime),
            let event = Event(again), let type = ruleSet.eventType(named: event.type)
        else { return }
        let repeated = Step(event: event, type: type, depth: step.depth, cause: step.event.sequence)
        let reaction = handling[type.index].reaction
        if reaction == .overridden || reaction == .approved, let reaction {
            try react(reaction, to: repeated, head: head, first: first)
        }
        try runRules(rulesFor(repeated, in: ruleSet), repeated, ruleSet, head: head, first: first)
    }

    /// The same entry with another `recordedtime`, for rules that see only that time.
    private func atTime(_ document: Document, _ time: Instant) -> Document? {
        guard let range = document.root["recordedtime"]?.canonicalRange, range.count == 26 else { return nil }
        var bytes = document.bytes
        unsafe bytes.withUnsafeMutableBytes { bytes in
            unsafe time.write(
                into: UnsafeMutableRawBufferPointer(rebasing: bytes[range.lowerBound + 1..<range.upperBound - 1]))
        }
        return try? Document(adopting: bytes)
    }
}
