package import AgentKit

/// An accepted order through its life.
package struct Order: Row {
    package var id = ""
    package var buyerId = ""
    package var sellerId = ""
    package var productId = ""
    package var quantity: Int64 = 0
    /// The price of all pieces, without the delivery fee.
    package var amount = Amount.zero
    package var deliveryFee = Amount.zero
    package var currency = ""
    package var paymentMethod = ""
    package var area = ""
    package var delivery = ""
    package var status = OrderStatus.awaitingPayment
    package var placedAt = Instant.earliest
    /// When it was paid for, or was to be paid for at the door: since then the seller may send it.
    package var processingAt: Instant?
    package var dispatchedAt: Instant?
    /// The number of the present attempt to pay, from 1.
    package var attempt: Int64 = 1
    /// The provider whose payment is in escrow, or was, and its reference for it; absent where the wallet or cash paid.
    package var paidBy: String?
    package var paymentReference: String?
    package var openDisputes: Int64 = 0
    package var hasOpenDispute = false
    /// Its latest dispute, open or closed.
    package var disputeId: String?
    /// Whether pieces are set aside for it.
    package var isReserved = false
    package var franchiseId: String?
    package var riderId: String?
    package var deliveredAt: Instant?
    /// Its complaint, open or closed: there is at most one.
    package var complaintId: String?
    package var hasOpenComplaint = false
    /// How its complaint ended.
    package var complaintOutcome: String?
    /// Whether it would have settled but for an open complaint or for cash that is not handed in.
    package var isDeferred = false
    /// Who settled it but for that: the buyer or the timer.
    package var deferredBy: String?
    /// What it waited for first or last: complaint, dispute or cash.
    package var deferredFor: String?
    /// Whether it is to be paid in cash, and that is not all handed in yet.
    package var awaitsCash = false
    /// What was taken in cash, and by whom.
    package var collected: Amount?
    package var collectedBy: String?
    /// Of it, what was handed in.
    package var remitted = Amount.zero
    /// What of it goes back to the buyer once it is handed in.
    package var refundDue = Amount.zero
    /// What went back to the buyer.
    package var refunded = Amount.zero
    package var stars: Int64?

    package init() {}

    package static let name = "order"
    package static let fields: RowFields<Order> = [
        .init("id", \.id), .init("buyerId", \.buyerId), .init("sellerId", \.sellerId),
        .init("productId", \.productId), .init("quantity", \.quantity), .init("amount", \.amount),
        .init("deliveryFee", \.deliveryFee), .init("currency", \.currency),
        .init("paymentMethod", \.paymentMethod), .init("area", \.area), .init("delivery", \.delivery),
        .init("status", \.status), .init("placedAt", \.placedAt),
        .init("processingAt", \.processingAt), .init("dispatchedAt", \.dispatchedAt), .init("attempt", \.attempt),
        .init("paidBy", \.paidBy), .init("paymentReference", \.paymentReference),
        .init("openDisputes", \.openDisputes), .init("hasOpenDispute", \.hasOpenDispute),
        .init("disputeId", \.disputeId),
        .init("isReserved", \.isReserved), .init("franchiseId", \.franchiseId), .init("riderId", \.riderId),
        .init("deliveredAt", \.deliveredAt), .init("complaintId", \.complaintId),
        .init("hasOpenComplaint", \.hasOpenComplaint), .init("complaintOutcome", \.complaintOutcome),
        .init("isDeferred", \.isDeferred), .init("deferredBy", \.deferredBy), .init("deferredFor", \.deferredFor),
        .init("awaitsCash", \.awaitsCash), .init("collected", \.collected), .init("collectedBy", \.collectedBy),
        .init("remitted", \.remitted), .init("refundDue", \.refundDue), .init("refunded", \.refunded),
        .init("stars", \.stars),
    ]
}
