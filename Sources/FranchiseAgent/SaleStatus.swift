import AgentKit

/// Where a sale stands.
package enum SaleStatus: String, RowValue, CaseIterable, Sendable {
    /// The price, and before it perhaps a vote, is outstanding.
    case accepted
    /// The price was paid; what the franchise holds is still to go to the outgoing owner.
    case paid
    /// Ended: the buyer owns the franchise.
    case completed
    /// Ended without a change of owner.
    case refused
}
