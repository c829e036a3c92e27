/// Everything one rule decided on one event, in the order in which it is appended: emissions, timers, cancels.
package struct Decisions: Sendable {
    /// The rule's reason, at most 1,024 bytes.
    package var because: String?
    package var emissions: [Emission] = []
    package var timers: [TimerRequest] = []
    package var cancels: [TimerName] = []
    /// The resources the rule claims.
    package var claims: [String] = []
    /// Set where the emissions are to be held until a vote.
    package var quorum: QuorumRequest?
    /// Whether `otherwise` stands in because `when` did not hold, or a line of `refuse` because it did.
    package var isOtherwise = false
    /// The line of `refuse` that held, from 0.
    package var refusal: Int?

    package init() {}
}
