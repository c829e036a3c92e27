import AgentKit
import JSON
import Rules

extension Machine {
    /// The name of the timer at which a vote ends.
    static let proposalTimer = "proposal"

    /// Holds a rule's decisions until enough of the named agents approve.
    func propose(
        _ quorum: QuorumRequest, _ decisions: Decisions, of rule: CompiledRule, by decider: Decider, step: Step,
        head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        guard let type = ruleSet?.eventType(named: "proposal.opened") else { return }
        let id = [rule.agent, rule.id, step.event.sequence.padded].joined(separator: ":")
        // A vote that would end after year 9999 ends with it.
        let limit = Instant(milliseconds: head.recordedTime.milliseconds + quorum.withinMilliseconds)
        let until = max(.earliest, min(.latest, limit))
        var writer = CanonicalWriter(capacity: 1024)
        writer.beginObject()
        writer.key("emit")
        writer.beginArray()
        for emission in decisions.emissions { write(emission, to: &writer) }
        writer.endArray()
        writer.key("need")
        writer.int(Int64(quorum.need))
        writer.key("of")
        writer.beginArray()
        for agent in quorum.of { writer.string(agent) }
        writer.endArray()
        writer.key("proposalId")
        writer.string(id)
        writer.key("reference")
        writer.string(quorum.reference)
        writer.key("rule")
        writer.string(rule.qualifiedName)
        writer.key("until")
        writer.string(until.text)
        writer.endObject()
        try append(
            type, subject: id, data: writer.bytes, because: decisions.because, by: decider, step: step, head: head,
            first: first)
        let timer = TimerRequest(timer: TimerName(name: Self.proposalTimer, key: id), due: until)
        try schedule(timer, by: decider, step: step, head: head, first: first)
    }

    private func write(_ emission: Emission, to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("data")
        unsafe emission.data.withUnsafeBytes { unsafe writer.raw($0) }
        if let subject = emission.subject {
            writer.key("subject")
            writer.string(subject)
        }
        writer.key("type")
        writer.string(emission.type.name)
        writer.endObject()
    }

    /// Counts a vote: at enough approvals what was held is appended, caused by this vote.
    func count(vote step: Step, head: CascadeHead, first: EntrySequence) throws(CascadeLimit) {
        let id = step.event.data.text("proposalId")
        guard let proposal = state.proposals[id], !proposal.isOver else { return }
        let tally = proposal.tally(upTo: step.event.sequence)
        let decider = Decider.rule(agent: proposal.agent, qualifiedName: proposal.rule)
        if tally.approvals >= Int(proposal.need) {
            try conclude("proposal.approved", proposal, step: step, head: head, first: first) { writer in
                writer.key("approvals")
                writer.int(Int64(tally.approvals))
            }
            try release(proposal, by: decider, step: step, head: head, first: first)
        } else if proposal.of.count - tally.rejections < Int(proposal.need) {
            try conclude("proposal.rejected", proposal, step: step, head: head, first: first) { _ in
            } after: { writer in
                writer.key("rejections")
                writer.int(Int64(tally.rejections))
            }
        } else {
            return
        }
        let timer = TimerName(name: Self.proposalTimer, key: id)
        if isScheduled(timer, agent: proposal.agent) {
            try cancel(timer, by: decider, step: step, head: head, first: first)
        }
    }

    /// A vote that ran out of time.
    func expire(proposal id: String, step: Step, head: CascadeHead, first: EntrySequence) throws(CascadeLimit) {
        guard let proposal = state.proposals[id], !proposal.isOver else { return }
        try conclude("proposal.expired", proposal, step: step, head: head, first: first)
        try alert(
            id, severity: "warning", what: "the vote on `\(proposal.reference)` ended without a decision",
            reference: proposal.reference, step: step, head: head, first: first)
    }

    private func conclude(
        _ type: String, _ proposal: ProposalRow, step: Step, head: CascadeHead, first: EntrySequence,
        _ before: (inout CanonicalWriter) -> Void = { _ in }, after: (inout CanonicalWriter) -> Void = { _ in }
    ) throws(CascadeLimit) {
        try engineDecision(type, subject: proposal.id, step: step, head: head, first: first) { writer in
            before(&writer)
            writer.key("proposalId")
            writer.string(proposal.id)
            writer.key("reference")
            writer.string(proposal.reference)
            after(&writer)
        }
    }

    private func release(
        _ proposal: ProposalRow, by decider: Decider, step: Step, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        guard let opened = recorded(proposal.opened), let held = opened.root["data"]?["emit"] else { return }
        let because = opened.root["because"]?.string
        for index in 0..<held.count {
            try append(
                carried: held.element(index), because: because, by: decider, step: step, head: head, first: first)
        }
    }

    /// Appends a decision that an entry carries as `{type, subject, data}`.
    func append(
        carried item: View, because: String?, by decider: Decider, step: Step, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        guard let name = item["type"]?.string, let type = ruleSet?.eventType(named: name) else { return }
        var writer = CanonicalWriter(capacity: 512)
        if let data = item["data"] { writer.value(data) } else { writer.raw("{}") }
        try append(
            type, subject: item["subject"]?.string, data: writer.bytes, because: because, by: decider, step: step,
            head: head, first: first)
    }
}
