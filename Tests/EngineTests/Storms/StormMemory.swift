import EventLog
import JSON

/// What a storm has seen so far, as far as later events may be about it.
struct StormMemory {
    struct Placed {
        let id: String
        let method: String
        let amount: Int
        let currency: String
    }

    struct Closed {
        let id: String
        let orderId: String
    }

    var orders: [Placed] = []
    var deposits: [String] = []
    var references: [String] = []
    var complaints: [String] = []
    var requests: [String] = []
    var withdrawals: [String] = []
    var locks: [String] = []
    var disputes: [String] = []
    private(set) var licenses: [String] = []
    /// Who asked for each service that was accepted.
    private(set) var customers: [String: String] = [:]
    private(set) var refunds: [String] = []
    private(set) var closed: [Closed] = []
    /// Sequences of overrides that wait for a second administrator.
    private(set) var pending: [String] = []
    /// What is to be paid for an order, with its delivery.
    private(set) var totals: [String: Int] = [:]
    /// Who takes the cash of each order that is paid at the door.
    private(set) var takers: [String: String] = [:]
    /// The sequence of the last entry.
    private(set) var last = "0000000000000000"

    mutating func note(_ line: Bench.Line) {
        last = line.document.root["sequence"]?.string ?? last
        let data = line.document.root["data"]
        func text(_ name: String) -> String { data?.member(name)?.string ?? "" }
        func number(_ name: String) -> Int { data?.member(name)?.int.map { Int($0) } ?? 0 }
        switch line.type {
        case "service.accepted": customers[text("requestId")] = text("userId")
        case "license.granted": licenses.append(text("licenseId"))
        case "payment.refund.requested": refunds.append(text("refundId"))
        case "override.pending": pending.append(text("override"))
        case "order.accepted":
            totals[text("orderId")] = number("amount") + number("deliveryFee")
            if text("paymentMethod") == "cash" { takers[text("orderId")] = text("sellerId") }
        case "order.dispatch.recorded":
            if takers[text("orderId")] != nil, !text("riderId").isEmpty { takers[text("orderId")] = text("riderId") }
        case "complaint.closed": closed.append(Closed(id: text("complaintId"), orderId: text("orderId")))
        default: break
        }
    }
}
