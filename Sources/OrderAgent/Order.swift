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
    /// The moment it was paid, or accepted for cash on delivery: from then on the seller may ship it.
    package var processingAt: Instant?
    package var dispatchedAt: Instant?
    /// The number of the current payment attempt, from 1.
    package var attempt: Int64 = 1
    /// The provider that paid into escrow; absent where the wallet or cash paid.
    package var paidBy: String?
    /// The reference by which that provider knows the payment.
    package var paymentReference: String?
    package var openDisputes: Int64 = 0
    package var hasOpenDispute = false
    /// Its latest dispute, open or closed.
    package var disputeId: String?
    /// Indicates that stock is reserved for it.
    package var isReserved = false
    package var franchiseId: String?
    package var riderId: String?
    package var deliveredAt: Instant?
    /// Its complaint, open or closed; an order has at most one.
    package var complaintId: String?
    package var hasOpenComplaint = false
    /// The outcome of its complaint.
    package var complaintOutcome: String?
    /// Indicates that only an open complaint or dispute, or cash not yet handed in, kept it from settling.
    package var isDeferred = false
    /// The party whose settlement was deferred: the buyer or the timer.
    package var deferredBy: String?
    /// The latest cause of the deferral: complaint, dispute or cash.
    package var deferredFor: String?
    /// Indicates that it is paid in cash, and not all of that has been handed in.
    package var awaitsCash = false
    /// The cash collected from the buyer.
    package var collected: Amount?
    /// The rider who collected it.
    package var collectedBy: String?
    /// The part of `collected` that was handed in.
    package var remitted = Amount.zero
    /// The part of it due back to the buyer once it is handed in.
    package var refundDue = Amount.zero
    /// The total returned to the buyer.
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

/// The status of an order.
package enum OrderStatus: String, RowValue, CaseIterable, Sendable {
    /// Accepted; the hold on the wallet or the provider's authorization is outstanding.
    case awaitingPayment = "awaiting_payment"
    /// The last attempt to pay failed; the buyer may retry.
    case paymentRejected = "payment_rejected"
    /// Paid into escrow, or to be paid in cash on delivery.
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

/// A seller's product and the stock left of it.
package struct Product: Row {
    package var id = ""
    package var sellerId = ""
    package var title = ""
    /// The price of one piece.
    package var price = Amount.zero
    package var currency = ""
    /// Unreserved pieces; corrections may take it below zero.
    package var stock: Int64 = 0
    package var category = ""
    package var tags: [String] = []
    package var area = ""
    /// The lowest level that buyer and seller must have.
    package var requiredLevel = "free"
    /// The delivery fee of an order; absent where the seller gives none.
    package var deliveryFee: Amount?
    /// The seller's revision number of the listing, where one was given.
    package var revision: Int64?

    package init() {}

    package static let name = "product"
    package static let fields: RowFields<Product> = [
        .init("id", \.id), .init("sellerId", \.sellerId), .init("title", \.title), .init("price", \.price),
        .init("currency", \.currency), .init("stock", \.stock), .init("category", \.category),
        .init("tags", \.tags), .init("area", \.area), .init("requiredLevel", \.requiredLevel),
        .init("deliveryFee", \.deliveryFee), .init("revision", \.revision),
    ]
}

/// A listing that has not been decided on.
struct Listing: Row {
    /// The seller's revision number.
    var revision: Int64 = 0

    static let name = "listing"
    static let fields: RowFields<Listing> = [.init("revision", \.revision)]
}
