import AgentKit
import JSON

/// What is known of orders and complaints while their story is told: gathered from the entries as they come by, or from
/// the records of projections.
struct CaseFacts: Sendable {
    struct Order: Sendable {
        var buyerId = ""
        var sellerId = ""
        var productId = ""
        var quantity: Int64 = 1
        /// In minor units, without the delivery fee.
        var amount: Int64 = 0
        var currency = ""
        var status = "placed"
    }

    struct Complaint: Sendable {
        var orderId = ""
        /// What it is about, in the buyer's words for it: `delivery_delay`.
        var kind = ""
        var tier = ""
        var franchiseId: String?
        var status = "submitted"
        var outcome = ""
        /// In minor units.
        var refundAmount: Int64 = 0
    }

    private(set) var orders: [String: Order] = [:]
    private(set) var complaints: [String: Complaint] = [:]

    /// The order that an entry's data names, itself or through its complaint.
    func order(of data: View) -> Order? {
        if let order = data["orderId"]?.string.flatMap({ orders[$0] }) { return order }
        if let id = data["complaintId"]?.string, let complaint = complaints[id] { return orders[complaint.orderId] }
        return data["reference"]?.string.flatMap { orders[$0] }
    }

    // MARK: From entries

    /// Learns what an entry says. Entries come in log order.
    mutating func note(_ entry: View) {
        guard let data = entry["data"], let type = entry["type"]?.string else { return }
        if type.hasPrefix("complaint.") { note(complaint: type, data) }
        guard let id = data["orderId"]?.string, type.hasPrefix("order.") else { return }
        switch type {
        case "order.placed", "order.accepted":
            var order = orders[id] ?? Order()
            order.buyerId = data.text("buyerId")
            order.sellerId = data.text("sellerId")
            order.productId = data.text("productId")
            order.quantity = data.integer("quantity")
            order.amount = data.integer("amount")
            order.currency = data.text("currency")
            order.status = type == "order.accepted" ? "accepted" : order.status
            orders[id] = order
        default:
            if let status = Self.orderStates[type] { orders[id]?.status = status }
        }
    }

    private static let orderStates = [
        "order.rejected": "rejected", "order.processing": "paid into escrow",
        "order.payment.rejected": "payment refused",
        "order.payment.retry.accepted": "being paid", "order.dispatch.recorded": "on its way",
        "order.delivery.recorded": "delivered", "order.settlement.deferred": "delivered, waiting for the complaint",
        "order.settled": "settled", "order.cancellation.accepted": "cancelled", "order.expired": "expired",
        "order.refunded": "refunded",
    ]

    private mutating func note(complaint type: String, _ data: View) {
        guard let id = data["complaintId"]?.string else { return }
        var complaint = complaints[id] ?? Complaint()
        switch type {
        case "complaint.submitted":
            guard complaint.orderId.isEmpty else { return }
            complaint.orderId = data.text("orderId")
            complaint.kind = data.text("kind")
        case "complaint.opened", "complaint.escalated":
            complaint.status = "open"
            complaint.tier = data.text("tier")
            complaint.franchiseId = data["franchiseId"]?.string
            if let orderId = data["orderId"]?.string { complaint.orderId = orderId }
        case "complaint.closed":
            complaint.status = "closed"
            complaint.outcome = data.text("outcome")
            complaint.refundAmount = data.integer("refundAmount")
        case "complaint.frozen": complaint.status = "frozen"
        case "complaint.resumed": complaint.status = "open"
        case "complaint.refused":
            if complaint.status == "submitted" { complaint.status = "refused" }
        default: return
        }
        complaints[id] = complaint
    }

    // MARK: From records

    /// Learns a record of the projection `orders`.
    mutating func note(orderRecord row: View) {
        var order = Order()
        order.buyerId = row.text("buyerId")
        order.sellerId = row.text("sellerId")
        order.productId = row.text("productId")
        order.quantity = row.integer("quantity")
        order.amount = row.integer("amount")
        order.currency = row.text("currency")
        order.status = row.text("status").replacingUnderscores
        orders[row.text("id")] = order
    }

    /// Learns a record of the projection `complaints`.
    mutating func note(complaintRecord row: View) {
        let id = row.text("id")
        var complaint = complaints[id] ?? Complaint()
        complaint.orderId = row.text("orderId")
        complaint.tier = row.text("tier")
        complaint.franchiseId = row["franchiseId"]?.string
        complaint.status = row.text("status")
        complaint.outcome = row.text("outcome")
        complaint.refundAmount = row.integer("refundAmount")
        complaints[id] = complaint
    }
}

extension String {
    /// `delivery_delay` as `delivery delay`.
    var replacingUnderscores: String { String(map { $0 == "_" ? " " : $0 }) }

    /// The first letter as a capital.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
