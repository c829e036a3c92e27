import AgentKit
import JSON
import Rules

extension Machine {
    /// The name of the timer at which a vote ends.
    static let proposalTimer = "proposal"

    /// Holds a rule's decisions until enough of the named agents approve.
    func propose(
        _ quorum: QuorumRequest, _ decisions: Decisions, of rule: CompiledRule, by decider: Decider, step: CascadeStep,
        head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        let id = [rule.agent, rule.id, step.event.sequence.padded].joined(separator: ":")
        // A vote that would end after year 9999 ends with it.
        let limit = Instant(milliseconds: head.recordedTime.milliseconds + quorum.withinMilliseconds)
        let until = max(.earliest, min(.latest, limit))
        let emit = decisions.emissions.map {
            ProposalOpenedData.Emit(data: $0.data, subject: $0.subject, type: $0.type.name)
        }
        try append(
            ProposalOpenedData(
                emit: emit, need: Int64(quorum.need), of: quorum.of, proposalId: id, reference: quorum.reference,
                rule: rule.qualifiedName, until: until),
            subject: id, because: decisions.because, by: decider, step: step, head: head, first: first)
        let timer = TimerRequest(timer: TimerName(name: Self.proposalTimer, key: id), due: until)
        try schedule(timer, by: decider, step: step, head: head, first: first)
    }

    /// Counts a vote: at enough approvals what was held is appended, caused by this vote.
    func count(vote step: CascadeStep, head: CascadeHead, first: EntrySequence) throws(CascadeLimit) {
        let id = VoteCast(step.event.data).proposalId
        guard let proposal = state.proposals[id], !proposal.isOver else { return }
        let tally = proposal.tally(upTo: step.event.sequence)
        let decider = Decider.rule(agent: proposal.agent, qualifiedName: proposal.rule)
        if tally.approvals >= Int(proposal.need) {
            try append(
                ProposalApprovedData(
                    approvals: Int64(tally.approvals), proposalId: proposal.id, reference: proposal.reference),
                subject: proposal.id, step: step, head: head, first: first)
            try release(proposal, by: decider, step: step, head: head, first: first)
        } else if proposal.of.count - tally.rejections < Int(proposal.need) {
            try append(
                ProposalRejectedData(
                    proposalId: proposal.id, reference: proposal.reference, rejections: Int64(tally.rejections)),
                subject: proposal.id, step: step, head: head, first: first)
        } else {
            return
        }
        let timer = TimerName(name: Self.proposalTimer, key: id)
        if isScheduled(timer, agent: proposal.agent) {
            try cancel(timer, by: decider, step: step, head: head, first: first)
        }
    }

    /// A vote that ran out of time.
    func expire(proposal id: String, step: CascadeStep, head: CascadeHead, first: EntrySequence) throws(CascadeLimit) {
        guard let proposal = state.proposals[id], !proposal.isOver else { return }
        try append(
            ProposalExpiredData(proposalId: proposal.id, reference: proposal.reference), subject: proposal.id,
            step: step, head: head, first: first)
        try alert(
            id, severity: "warning", what: "the vote on `\(proposal.reference)` ended without a decision",
            reference: proposal.reference, step: step, head: head, first: first)
    }

    private func release(
        _ proposal: ProposalRow, by decider: Decider, step: CascadeStep, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        guard let opened = recorded(proposal.opened), let data = opened.root["data"] else { return }
        let because = opened.root["because"]?.string
        for item in ProposalOpened(data).emit {
            try append(
                carried: item.type, item.subject, item.data, because: because, by: decider, step: step, head: head,
                first: first)
        }
    }

    /// Appends a decision that an entry carries.
    func append(
        carried name: String, _ subject: String?, _ data: View?, because: String?, by decider: Decider,
        step: CascadeStep,
        head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        guard let type = ruleSet?.eventType(named: name) else { return }
        var writer = CanonicalWriter(capacity: 512)
        if let data { writer.value(data) } else { writer.raw("{}") }
        try append(
            type, subject: subject, data: writer.bytes, because: because, by: decider, step: step, head: head,
            first: first)
    }
}
