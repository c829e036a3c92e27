import AgentKit

/// Where an order stands.
package enum OrderStatus: String, RowValue, CaseIterable, Sendable {
    /// Accepted; the hold or the provider's authorization is outstanding.
    case awaitingPayment = "awaiting_payment"
    /// The last attempt to pay failed; the buyer may retry.
    case paymentRejected = "payment_rejected"
    /// Paid into escrow, or to be paid in cash at the door.
    case processing
    case dispatched
    case delivered
    /// Ended: the escrow was released.
    case settled
    /// Ended: the escrow went back to the buyer.
    case refunded
    /// Ended before dispatch.
    case cancelled
    /// Ended unpaid.
    case expired
}
