import AgentKit
import EngineTestSupport
import OrderAgent
import Testing

/// Payments, disputes, releases and the debts of refunds, as the order agent remembers them.
@Suite("the money of orders")
struct OrderMoneyTests {
    private let bench = AgentBench<OrderAgent>()

    private func order(_ id: String) throws -> Order { try #require(bench.state.orders[id]) }

    private func authorize(_ order: String, _ reference: String) throws {
        try bench.fold(
            "payment.authorized",
            #"{"orderId":"\#(order)","provider":"card","reference":"\#(reference)","amount":1000,"currency":"PKR"}"#)
    }

    @Test("only the first report of a payment pays an order, until the payment turns out not to match")
    func authorizations() throws {
        for id in ["O-1", "O-2"] { try bench.accept(id, amount: 1000, by: "card") }
        try authorize("O-1", "R-1")
        let suspense = EntrySequence(bench.sequence).padded
        try authorize("O-2", "R-1")
        #expect(try order("O-1").paidBy == "card" && order("O-1").paymentReference == "R-1")
        #expect(try order("O-2").paidBy == nil)
        try bench.fold(
            "suspense.recorded",
            #"{"suspenseId":"\#(suspense)","provider":"card","reference":"R-1","orderId":"O-1","amount":1000,"currency":"PKR"}"#
        )
        #expect(try order("O-1").paidBy == nil && order("O-1").paymentReference == nil)
        try bench.fold("suspense.matched", #"{"suspenseId":"\#(suspense)","orderId":"O-2"}"#)
        #expect(try order("O-2").paidBy == "card")
    }

    @Test("a deposit is known by its provider's reference, whether booked or in suspense")
    func deposits() throws {
        try bench.post(
            "deposit", "R-1", [("gateway/card", "wallet/U-b", 700)], requested: "0000000000000007")
        try bench.fold(
            "suspense.recorded",
            #"{"suspenseId":"0000000000000009","provider":"card","reference":"R-2","userId":"U-x","amount":5,"currency":"PKR"}"#
        )
        let booked = try #require(bench.state.paymentReferences["card/R-1"]?.deposit)
        #expect(bench.state.payments[booked]?.userId == "U-b" && bench.state.payments[booked]?.amount == Amount(700))
        #expect(bench.state.paymentReferences["card/R-2"]?.deposit == "0000000000000009")
    }

    @Test("a dispute holds what is taken for it, and a won one gives the payment back")
    func disputes() throws {
        try bench.accept("O-1", amount: 1000, by: "card")
        try authorize("O-1", "R-1")
        let payment = EntrySequence(bench.sequence).padded
        try bench.post("escrow.release", "O-1", [("escrow/O-1", "wallet/U-s", 1000)])
        try bench.fold("order.settled", #"{"orderId":"O-1"}"#)
        let dispute = #"{"disputeId":"X-1","provider":"card","reference":"R-1","amount":1000,"currency":"PKR"}"#
        try bench.fold("payment.disputed", dispute)
        try bench.fold("dispute.opened", #"{"disputeId":"X-1","orderId":"O-1"}"#)
        try bench.post("dispute.hold", "X-1", [("wallet/U-s", "dispute/X-1", 600), ("owed/wallet/U-s", "x", 400)])
        #expect(try order("O-1").hasOpenDispute && order("O-1").disputeId == "X-1")
        #expect(bench.state.chargebacks["X-1"]?.due == Amount(1000))
        #expect(bench.state.chargebacks["X-1"]?.parts.map(\.account) == ["wallet/U-s/PKR"])
        #expect(bench.state.payments[payment]?.disputed == Amount(1000))
        #expect(bench.state.releases["O-1"] == nil)

        try bench.fold("payment.disputed", dispute)
        #expect(bench.state.chargebacks["X-1"]?.isOpened == true)
        try bench.fold("dispute.closed", #"{"disputeId":"X-1","outcome":"won"}"#)
        try bench.post("dispute.won", "X-1", [("dispute/X-1", "wallet/U-s", 600), ("x", "owed/wallet/U-s", 400)])
        #expect(try !order("O-1").hasOpenDispute)
        #expect(bench.state.payments[payment]?.disputed == .zero)
        #expect(bench.state.releases["O-1"]?.total == Amount(1000))
    }

    @Test("a refund takes back the parts that were paid out, and what is found too little is owed for them")
    func refundDebts() throws {
        try bench.accept("O-1", amount: 1000)
        try bench.post(
            "escrow.release", "O-1", [("escrow/O-1", "wallet/U-s", 900), ("escrow/O-1", "franchise/F-1", 100)])
        try bench.post(
            "escrow.refund", "O-1", [("wallet/U-s", "wallet/U-b", 600), ("owed/franchise/F-1", "wallet/U-b", 100)])
        #expect(bench.state.releases["O-1"]?.parts.map(\.account) == ["wallet/U-s/PKR"])
        #expect(bench.state.releases["O-1"]?.total == Amount(300))

        try bench.fold(
            "debt.recorded",
            #"{"debtId":"D-1","party":"franchise","partyId":"F-1","kind":"refund","creditorId":"U-b","amount":100,"currency":"PKR","reference":"O-1"}"#
        )
        #expect(try bench.evaluate("openRefundDebts('O-1')") == .list([.string("D-1")]))
        try bench.fold("debt.collected", #"{"debtId":"D-1","amount":40}"#)
        #expect(try order("O-1").refunded == Amount(40))
        try bench.fold("debt.cancelled", #"{"debtId":"D-1","amount":60}"#)
        #expect(try bench.evaluate("openRefundDebts('O-1')") == .list([]))
        #expect(bench.state.releases["O-1"]?.total == Amount(360))
        #expect(try order("O-1").refunded == Amount(40))
    }

    @Test("a buyer awaits refunds until the last that was requested is answered")
    func awaited() throws {
        try bench.accept("O-1", amount: 1000)
        for id in ["F-1", "F-1", "F-2"] {
            try bench.fold("payment.refund.requested", #"{"refundId":"\#(id)","orderId":"O-1"}"#)
        }
        for (id, isAwaited) in [("F-1", true), ("F-1", true), ("F-2", false)] {
            try bench.fold("payment.refund.closed", #"{"refundId":"\#(id)"}"#)
            #expect(try bench.evaluate("awaitsRefund('U-b')") == .bool(isAwaited))
        }
    }
}
