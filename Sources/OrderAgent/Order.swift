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
    /// The number of the present attempt to pay, from 1.
    package var attempt: Int64 = 1
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
    /// Whether it would have settled but for an open complaint.
    package var isDeferred = false
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
        .init("status", \.status), .init("placedAt", \.placedAt), .init("attempt", \.attempt),
        .init("isReserved", \.isReserved), .init("franchiseId", \.franchiseId), .init("riderId", \.riderId),
        .init("deliveredAt", \.deliveredAt), .init("complaintId", \.complaintId),
        .init("hasOpenComplaint", \.hasOpenComplaint), .init("complaintOutcome", \.complaintOutcome),
        .init("isDeferred", \.isDeferred), .init("refunded", \.refunded), .init("stars", \.stars),
    ]
}
