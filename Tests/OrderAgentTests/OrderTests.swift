import AgentKit
import EngineTestSupport
import OrderAgent
import Testing

@Suite("products and orders")
struct OrderTests {
    private let bench = AgentBench<OrderAgent>()

    private func order(_ id: String) throws -> Order { try #require(bench.state.orders[id]) }

    private func list(_ more: String = "") throws {
        try bench.fold(
            "product.recorded",
            #"{"productId":"P-1","sellerId":"U-s","title":"T","price":100,"currency":"PKR","category":"c","tags":[],"area":"a"\#(more)}"#
        )
    }

    @Test("a product that is listed again keeps its stock and all else that the listing does not name")
    func relisted() throws {
        try bench.fold("product.listed", #"{"productId":"P-1","revision":7}"#)
        try list(#","stock":5,"deliveryFee":30,"requiredLevel":"high""#)
        try bench.fold("inventory.reserved", #"{"orderId":"O-1","productId":"P-1","quantity":2}"#)
        try list()
        let product = try #require(bench.state.products["P-1"])
        #expect(product.stock == 3 && product.deliveryFee == Amount(30))
        #expect(product.requiredLevel == "high" && product.revision == 7)
        try bench.fold("inventory.released", #"{"orderId":"O-1","productId":"P-1","quantity":2}"#)
        #expect(bench.state.products["P-1"]?.stock == 5)
    }

    @Test("stock may go below zero, and stays within what JSON carries exactly")
    func stock() throws {
        try list(#","stock":5"#)
        try bench.fold("product.stock.recorded", #"{"productId":"P-1","delta":-10}"#)
        #expect(bench.state.products["P-1"]?.stock == -5)
        let most = Amount.greatest.minorUnits
        for delta in [most, most] {
            try bench.fold("product.stock.recorded", #"{"productId":"P-1","delta":\#(delta)}"#)
        }
        #expect(bench.state.products["P-1"]?.stock == most)
    }

    @Test("an order that a complaint refunds in part goes on to settle, and one refunded whole has ended")
    func refunds() throws {
        for id in ["O-1", "O-2"] {
            try bench.accept(id, amount: 1000)
            try bench.fold("order.delivery.recorded", #"{"orderId":"\#(id)"}"#)
            try bench.fold("complaint.opened", #"{"complaintId":"C-\#(id)","orderId":"\#(id)"}"#)
        }
        try bench.fold(
            "complaint.closed", #"{"complaintId":"C-else","orderId":"O-1","outcome":"refund","refundAmount":1000}"#)
        #expect(try order("O-1").hasOpenComplaint)
        try bench.fold(
            "complaint.closed", #"{"complaintId":"C-O-1","orderId":"O-1","outcome":"partial","refundAmount":300}"#)
        try bench.fold(
            "complaint.closed", #"{"complaintId":"C-O-2","orderId":"O-2","outcome":"refund","refundAmount":1000}"#)
        try bench.fold("order.refunded", #"{"orderId":"O-1","amount":300}"#)
        try bench.fold("order.refunded", #"{"orderId":"O-2","amount":1000}"#)
        #expect(try order("O-1").status == .delivered && order("O-1").refunded == Amount(300))
        #expect(try order("O-2").status == .refunded && !order("O-2").hasOpenComplaint)
        try bench.fold("order.settled", #"{"orderId":"O-1"}"#)
        #expect(try order("O-1").status == .settled)
    }

    @Test("an order that was cancelled or expired stays so when its money goes back")
    func ended() throws {
        try bench.accept("O-1", amount: 1000)
        try bench.fold("order.cancellation.accepted", #"{"orderId":"O-1"}"#)
        try bench.fold("order.expired", #"{"orderId":"O-1"}"#)
        try bench.accept("O-2", amount: 1000)
        try bench.fold("order.expired", #"{"orderId":"O-2"}"#)
        for id in ["O-1", "O-2"] { try bench.fold("order.refunded", #"{"orderId":"\#(id)","amount":1000}"#) }
        #expect(try order("O-1").status == .cancelled && order("O-2").status == .expired)
    }

    @Test("cash that a rider hands in pays the oldest orders first, and the last one in part")
    func cash() throws {
        try bench.accept("O-1", amount: 1000, by: "cash")
        try bench.accept("O-2", amount: 500, by: "cash")
        for (id, amount) in [("O-2", 500), ("O-1", 1000)] {
            try bench.fold("cash.recorded", #"{"orderId":"\#(id)","riderId":"U-r","amount":\#(amount)}"#)
        }
        #expect(try bench.evaluate("holdsCash('U-r') && !holdsCash('U-r2') && !holdsCash('U-')") == .bool(true))
        #expect(try bench.evaluate("cashCovered('U-r', 'PKR', 1200).amount") == .int(1200))
        #expect(try bench.evaluate("cashCovered('U-r', 'PKR', 1200).orders") == .list([.string("O-1")]))
        #expect(try bench.evaluate("cashCovered('U-r', 'USD', 1200).orders") == .list([]))

        try bench.fold("cash.remittance.recorded", #"{"riderId":"U-r","amount":1200,"currency":"PKR"}"#)
        #expect(try !order("O-1").awaitsCash && order("O-1").remitted == Amount(1000))
        #expect(try order("O-2").awaitsCash && order("O-2").remitted == Amount(200))
        #expect(try bench.evaluate("cashHeld(timestamp('2025-01-01T00:00:00Z'), 5).items[0].amount") == .int(300))
        #expect(try bench.evaluate("cashHeld(timestamp('2025-01-01T00:00:00Z'), 0).count") == .int(1))
        #expect(try bench.evaluate("cashHeld(timestamp('2024-02-15T00:00:00Z'), 5).count") == .int(0))

        try bench.fold("cash.remittance.recorded", #"{"riderId":"U-r","amount":300,"currency":"PKR"}"#)
        #expect(try bench.evaluate("holdsCash('U-r')") == .bool(false))
    }

    @Test("of cash only what was collected goes back, once it is handed in")
    func cashRefund() throws {
        for id in ["O-1", "O-2"] {
            try bench.accept(id, amount: 1000, by: "cash")
            try bench.fold("complaint.opened", #"{"complaintId":"C-\#(id)","orderId":"\#(id)"}"#)
        }
        try bench.fold("cash.recorded", #"{"orderId":"O-1","riderId":"U-r","amount":1000}"#)
        for id in ["O-1", "O-2"] {
            try bench.fold(
                "complaint.closed",
                #"{"complaintId":"C-\#(id)","orderId":"\#(id)","outcome":"partial","refundAmount":300}"#)
        }
        #expect(try order("O-1").refundDue == Amount(300) && order("O-2").refundDue == .zero)
        try bench.fold("order.expired", #"{"orderId":"O-1"}"#)
        #expect(try bench.evaluate("holdsCash('U-r')") == .bool(false))
    }
}

extension AgentBench<OrderAgent> {
    /// Accepts an order of the buyer `U-b` from the seller `U-s`, a second after the one before.
    func accept(_ id: String, amount: Int64, by method: String = "wallet") throws {
        now = now.adding(seconds: 1)
        try fold(
            "order.accepted",
            #"{"orderId":"\#(id)","buyerId":"U-b","sellerId":"U-s","productId":"P-1","quantity":1,"amount":\#(amount),"deliveryFee":0,"currency":"PKR","paymentMethod":"\#(method)","area":"a","delivery":"self"}"#
        )
    }
}
