import AgentKit
import Engine
import EventLog
import JSON

/// A vote that an entry belongs to: the proposal, the votes cast, and the outcome.
struct Ballot: Sendable {
    /// The `proposal.opened` entry, which carries the decisions that take effect if enough agents approve.
    let proposal: Document
    /// The votes cast while it was open, in log order.
    let votes: [Document]
    /// The entry that ended the vote; nil while it is open.
    let end: Document?

    /// Returns true if a vote counts: it is the first one of an agent that may vote.
    func counts(_ vote: Document) -> Bool {
        guard let agent = VoteCast(of: vote.root)?.agent, ProposalOpened(of: proposal.root)?.of.contains(agent) == true
        else { return false }
        let first = votes.first { VoteCast(of: $0.root)?.agent == agent }
        return first?.root.sequence == vote.root.sequence
    }

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        if let end {
            writer.key("end")
            writer.value(end.root)
        }
        writer.key("proposal")
        writer.value(proposal.root)
        writer.key("votes")
        writer.list(votes) { vote, writer in
            writer.beginObject()
            writer.key("counts")
            writer.bool(counts(vote))
            writer.key("entry")
            writer.value(vote.root)
            writer.endObject()
        }
        writer.endObject()
    }
}

extension Ballot {
    private static let opened = BytePattern(entryType: "proposal.opened")
    private static let cast = BytePattern(entryType: "vote.cast")
    private static let ends = ["approved", "rejected", "expired"].map { BytePattern(entryType: "proposal." + $0) }

    /// The vote that an entry is part of, or that decided it; nil if there is none.
    /// - Parameter cause: the entry that caused it.
    /// - Throws: `ReplayError` if the log cannot be read.
    init?(about entry: View, cause: View?, in log: EventLog) throws(ReplayError) {
        guard let id = Self.id(entry) ?? cause.flatMap(Self.id) else { return nil }
        guard let found = try Ballot(id, in: log) else { return nil }
        self = found
        if Self.id(entry) == nil, !isConsequence(entry) { return nil }
    }

    /// The id of the proposal that an entry belongs to.
    private static func id(_ entry: View) -> String? {
        proposalId(entry) ?? proposalKey(entry)
    }

    private static func proposalId(_ entry: View) -> String? {
        ProposalOpened(of: entry)?.proposalId ?? VoteCast(of: entry)?.proposalId
            ?? ProposalApproved(of: entry)?.proposalId ?? ProposalRejected(of: entry)?.proposalId
            ?? ProposalExpired(of: entry)?.proposalId
    }

    /// The id of the proposal whose timer an entry sets, cancels or fires.
    private static func proposalKey(_ entry: View) -> String? {
        let timers = [
            TimerFired(of: entry).map { ($0.name, $0.key) }, TimerScheduled(of: entry).map { ($0.name, $0.key) },
            TimerCancelled(of: entry).map { ($0.name, $0.key) },
        ]
        return timers.compactMap { $0 }.first { $0.0 == "proposal" }?.1
    }

    /// Returns true for an entry that the proposal held, or for the alert about a vote that lapsed undecided.
    private func isConsequence(_ entry: View) -> Bool {
        if entry["rule"] == nil { return end != nil && entry["type"]?.isString("alert.raised") == true }
        guard let opened = ProposalOpened(of: proposal.root), entry.text("rule") == opened.rule else { return false }
        return opened.emit.contains { $0.type == entry.text("type") }
    }

    /// Reads the log from the event that the proposing rule acted on: a proposal's id ends with its sequence.
    private init?(_ id: String, in log: EventLog) throws(ReplayError) {
        guard let asked = EntrySequence(padded: String(id.suffix(16))) else { return nil }
        var proposal: Document?
        var votes: [Document] = []
        var end: Document?
        try reading { () throws(EventLogError) in
            unsafe try EntrySearch(log).scan(from: asked.value, words: [id]) { _, bytes in
                let isEnd = Self.ends.contains { unsafe $0.ends(bytes) }
                guard unsafe isEnd || Self.opened.ends(bytes) || Self.cast.ends(bytes),
                    let entry = try? unsafe Document(canonical: bytes),
                    Self.proposalId(entry.root) == id
                else { return true }
                if isEnd {
                    end = entry
                } else if entry.root["type"]?.isString("vote.cast") == true {
                    votes.append(entry)
                } else {
                    proposal = entry
                }
                return !isEnd
            }
        }
        guard let proposal else { return nil }
        self.init(proposal: proposal, votes: votes, end: end)
    }
}
