import AgentKit

/// Where a request for a service stands.
package enum RequestStatus: String, RowValue, CaseIterable, Sendable {
    /// Accepted; the hold is outstanding.
    case awaitingPayment = "awaiting_payment"
    /// The price is held and the user has the license.
    case licensed
    /// The user has the service; the price is held until the user had time to complain.
    case delivered
    /// Ended: the price was shared out.
    case settled
    /// Ended: the money went back to the user.
    case refunded
    /// Ended: the user could not pay.
    case refused
}
