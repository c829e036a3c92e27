import AgentKit
import EngineTestSupport
import Testing
import VerificationAgent

/// The records of persons: over the shipped rules, and of the reducer alone.
@Suite("standings")
struct StandingTests {
    @Test("an order counts on the records of buyer and seller as it ended last")
    func standings() throws {
        let bench = try Bench.town()
        func counts(_ user: String) -> [Int64?] {
            [
                bench.number("settledOrders", of: user, in: "standings"),
                bench.number("lostOrders", of: user, in: "standings"),
                bench.number("openOrders", of: user, in: "standings"),
            ]
        }
        try bench.play([
            (
                "order.placed",
                #"{"orderId":"O-1","buyerId":"U-ali","sellerId":"U-sana","productId":"P-1","quantity":1,"amount":10000,"currency":"PKR","paymentMethod":"wallet","area":"lahore","delivery":"self"}"#
            ),
            ("order.delivered", #"{"orderId":"O-1"}"#),
            (
                "complaint.submitted",
                #"{"complaintId":"C-1","orderId":"O-1","userId":"U-ali","kind":"broken","description":"x"}"#
            ),
            ("complaint.resolved", #"{"complaintId":"C-1","outcome":"rejected","by":"U-zara"}"#),
            ("order.completed", #"{"orderId":"O-1"}"#),
        ])
        #expect(counts("U-sana") == [1, 0, 0])
        #expect(counts("U-ali") == [1, 0, 0])
        let order = #""orderId":"O-1""#
        try bench.correct(1, about: order, outcome: "refund", refund: 10_000)
        #expect(counts("U-sana") == [0, 1, 0])
        #expect(counts("U-ali") == [0, 0, 0])
        try bench.correct(2, about: order, outcome: "rejected", refund: 0)
        #expect(counts("U-sana") == [1, 0, 0])
        #expect(counts("U-ali") == [1, 0, 0])
        try bench.correct(3, about: order, outcome: "unresolved", refund: 10_000)
        #expect(counts("U-sana") == [0, 1, 0])
        #expect(bench.balance(of: "wallet/U-ali/PKR") == 30_000)
        #expect(bench.balance(of: "wallet/U-sana/PKR") == 0)
    }

    @Test("an order whose payment is called back is under way no longer, and on nobody's record")
    func calledBack() throws {
        let bench = try Bench.town()
        try bench.play([
            (
                "order.placed",
                #"{"orderId":"O-1","buyerId":"U-ali","sellerId":"U-sana","productId":"P-1","quantity":1,"amount":10000,"currency":"PKR","paymentMethod":"card","area":"lahore","delivery":"self"}"#
            ),
            (
                "payment.authorized",
                #"{"orderId":"O-1","provider":"stripe","reference":"R-1","amount":10000,"currency":"PKR"}"#
            ),
            (
                "payment.disputed",
                #"{"disputeId":"X-1","provider":"stripe","reference":"R-1","amount":10000,"currency":"PKR"}"#
            ),
        ])
        #expect(bench.number("openOrders", of: "U-sana", in: "standings") == 1)
        try bench.send("payment.dispute.closed", #"{"disputeId":"X-1","outcome":"lost"}"#)
        for column in ["openOrders", "settledOrders", "lostOrders"] {
            #expect(bench.number(column, of: "U-sana", in: "standings") == 0)
            #expect(bench.number(column, of: "U-ali", in: "standings") == 0)
        }
    }

    private let alone = AgentBench<VerificationAgent>()

    @Test("a person who is registered again moves, and keeps level, trust and the tags that are not named")
    func registered() throws {
        try alone.fold(
            "user.recorded",
            #"{"userId":"U-1","role":"seller","area":"a","tags":["x"],"level":"high","trustScore":90}"#)
        let first = alone.now
        alone.now = alone.now.adding(seconds: 60)
        try alone.fold("user.recorded", #"{"userId":"U-1","role":"buyer","area":"b","level":"free","trustScore":1}"#)
        let user = try #require(alone.state.users["U-1"])
        #expect(user.area == "b" && user.role == "seller" && user.registeredAt == first)
        #expect(user.level == "high" && user.trustScore == 90 && user.tags == ["x"])
    }

    @Test("locked coins count by currency until they are unlocked, and a level without them is listed")
    func coins() throws {
        try alone.fold("user.recorded", #"{"userId":"U-1","role":"seller","area":"a","level":"basic"}"#)
        let missing = "levelsWithoutLock({'basic': 100}, 'EHBGC', 10)"
        #expect(try alone.evaluate(missing + ".count") == .int(1))
        for (id, amount) in [("L-1", 60), ("L-2", 40)] {
            try alone.fold(
                "coins.locked", #"{"lockId":"\#(id)","userId":"U-1","amount":\#(amount),"currency":"EHBGC"}"#)
        }
        #expect(try alone.evaluate(missing + ".count") == .int(0))
        try alone.fold("coins.unlocked", #"{"lockId":"L-2"}"#)
        #expect(try alone.evaluate(missing + ".items[0].userId") == .string("U-1"))
        try alone.fold("coins.unlocked", #"{"lockId":"L-1"}"#)
        #expect(alone.state.standings["U-1"]?.lockedCoins.isEmpty == true)
    }

    @Test("debts and franchises count for whoever has them now")
    func holdings() throws {
        try alone.fold("debt.recorded", #"{"debtId":"D-1","party":"user","partyId":"U-1","amount":100}"#)
        try alone.fold("debt.recorded", #"{"debtId":"D-2","party":"franchise","partyId":"U-1","amount":100}"#)
        #expect(alone.state.standings["U-1"]?.openDebts == 1)
        try alone.fold("debt.collected", #"{"debtId":"D-1","remaining":30}"#)
        try alone.fold("debt.cancelled", #"{"debtId":"D-1","amount":30}"#)
        #expect(alone.state.standings["U-1"]?.openDebts == 0)
        try alone.fold("franchise.recorded", #"{"franchiseId":"F-1","ownerId":"U-1"}"#)
        try alone.fold("ownership.changed", #"{"franchiseId":"F-1","to":"U-2"}"#)
        #expect(alone.state.standings["U-1"]?.franchises == 0 && alone.state.standings["U-2"]?.franchises == 1)
    }
}
