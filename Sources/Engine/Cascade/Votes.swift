import AgentKit
import JSON
import Rules

/// Votes of agents on what a rule decided: its decisions are held until enough of the named agents approve.
struct Votes {
    /// The name of the timer at which a vote ends.
    static let timer = "proposal"

    private let writer: CascadeWriter
    private let engine: EngineState

    init(_ writer: CascadeWriter) {
        self.writer = writer
        engine = writer.state.engine
    }

    /// Holds a rule's decisions until enough of the named agents approve.
    func propose(
        _ quorum: QuorumRequest, _ decisions: Decisions, of rule: CompiledRule, by decider: Decider,
        in context: CascadeContext
    ) throws(CascadeLimit) {
        let id = [rule.agent, rule.id, context.step.event.sequence.padded].joined(separator: ":")
        // A vote that would end after year 9999 ends with it.
        let limit = Instant(milliseconds: context.head.recordedTime.milliseconds + quorum.withinMilliseconds)
        let until = max(.earliest, min(.latest, limit))
        let emit = decisions.emissions.map {
            ProposalOpenedData.Emit(data: $0.data, subject: $0.subject, type: $0.type.name)
        }
        try writer.append(
            ProposalOpenedData(
                emit: emit, need: Int64(quorum.need), of: quorum.of, proposalId: id, reference: quorum.reference,
                rule: rule.qualifiedName, until: until),
            subject: id, because: decisions.because, by: decider, in: context)
        let timer = TimerRequest(timer: TimerName(name: Self.timer, key: id), due: until)
        try writer.schedule(timer, by: decider, in: context)
    }

    /// Counts a vote: at enough approvals the decisions held are appended, caused by this vote.
    func count(in context: CascadeContext) throws(CascadeLimit) {
        let event = context.step.event
        let id = VoteCast(event.data).proposalId
        guard let proposal = engine.proposals[id], !proposal.isOver else { return }
        let tally = proposal.tally(upTo: event.sequence)
        let decider = Decider.rule(agent: proposal.agent, qualifiedName: proposal.rule)
        if tally.approvals >= Int(proposal.need) {
            try writer.append(
                ProposalApprovedData(
                    approvals: Int64(tally.approvals), proposalId: proposal.id, reference: proposal.reference),
                subject: proposal.id, in: context)
            try release(proposal, by: decider, in: context)
        } else if proposal.of.count - tally.rejections < Int(proposal.need) {
            try writer.append(
                ProposalRejectedData(
                    proposalId: proposal.id, reference: proposal.reference, rejections: Int64(tally.rejections)),
                subject: proposal.id, in: context)
        } else {
            return
        }
        try writer.cancel(TimerName(name: Self.timer, key: id), of: proposal.agent, by: decider, in: context)
    }

    /// Ends a vote that ran out of time.
    func expire(_ id: String, in context: CascadeContext) throws(CascadeLimit) {
        guard let proposal = engine.proposals[id], !proposal.isOver else { return }
        try writer.append(
            ProposalExpiredData(proposalId: proposal.id, reference: proposal.reference), subject: proposal.id,
            in: context)
        try writer.alert(
            id, severity: "warning", what: "the vote on `\(proposal.reference)` ended without a decision",
            reference: proposal.reference, in: context)
    }

    private func release(
        _ proposal: ProposalRow, by decider: Decider, in context: CascadeContext
    ) throws(CascadeLimit) {
        guard let opened = writer.state.entries.recorded(proposal.opened), let data = opened.root["data"] else {
            return
        }
        let because = opened.root["because"]?.string
        for item in ProposalOpened(data).emit {
            try writer.append(
                carried: item.type, item.subject, item.data, because: because, by: decider, in: context)
        }
    }
}
