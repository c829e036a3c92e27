import AgentKit

/// A vote that is under way or over.
struct ProposalRow: Row {
    var id = ""
    var reference = ""
    /// `agent/rule-id` of the rule whose decisions are held.
    var rule = ""
    var agent = ""
    var of: [String] = []
    var need: Int64 = 0
    /// The `proposal.opened` entry, which holds the decisions.
    var opened = EntrySequence(0)
    /// The agents that voted, in order, with the entry and the vote of each.
    var voters: [String] = []
    var votes: [EntrySequence] = []
    var approvals: [Bool] = []
    var isOver = false

    static let name = "proposal"
    static let fields: RowFields<ProposalRow> = [
        .init("id", \.id), .init("reference", \.reference), .init("rule", \.rule), .init("agent", \.agent),
        .init("of", \.of), .init("need", \.need), .init("opened", \.opened), .init("voters", \.voters),
        .init("votes", \.votes), .init("approvals", \.approvals), .init("isOver", \.isOver),
    ]

    /// The approvals and rejections up to one vote.
    func tally(upTo vote: EntrySequence) -> (approvals: Int, rejections: Int) {
        var approving = 0
        var rejecting = 0
        for (index, sequence) in votes.enumerated() where sequence <= vote {
            if approvals[index] { approving += 1 } else { rejecting += 1 }
        }
        return (approving, rejecting)
    }
}

/// An administrator's correction: what it moves, and what became of it.
struct OverrideRow: Row {
    /// The administrator who asked for it.
    var by = ""
    var at = Instant.earliest
    var amounts: [OverrideAmount] = []
    var status = OverrideStatus.done
    /// The approval by which it was done.
    var approval: EntrySequence?

    static let name = "override"
    static let fields: RowFields<OverrideRow> = [
        .init("by", \.by), .init("at", \.at), .init("amounts", \.amounts), .init("status", \.status),
        .init("approval", \.approval),
    ]

    /// Keys go from the newest correction to the oldest.
    static func key(_ sequence: EntrySequence) -> String {
        EntrySequence(9_999_999_999_999_999 - sequence.value).padded
    }
}

/// Amount that a correction moves in one currency.
struct OverrideAmount: Row {
    var currency = ""
    var amount = Amount.zero

    static let name = "overrideAmount"
    static let fields: RowFields<OverrideAmount> = [.init("currency", \.currency), .init("amount", \.amount)]
}

/// State of a correction.
enum OverrideStatus: String, RowValue, CaseIterable, Sendable {
    case done
    /// It waits for a second administrator.
    case pending
    /// Nobody approved it in time.
    case expired
    case refused
}
