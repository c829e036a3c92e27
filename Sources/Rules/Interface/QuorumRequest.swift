/// The vote on which a rule's emissions wait.
package struct QuorumRequest: Sendable, Hashable {
    /// The agents that may vote.
    package let of: [String]
    /// The approvals needed.
    package let need: Int
    package let withinMilliseconds: Int64
    package let reference: String

    package init(of: [String], need: Int, withinMilliseconds: Int64, reference: String) {
        self.of = of
        self.need = need
        self.withinMilliseconds = withinMilliseconds
        self.reference = reference
    }
}
