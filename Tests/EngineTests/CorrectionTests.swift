import Testing

@Suite("what a correction turns, in the records of all agents")
struct CorrectionTests {
    private static func bench() throws -> Bench {
        let bench = try Bench.shipped(sealing: KnownHistoryTests.PlainSealing())
        for (type, data) in [
            ("area.registered", #"{"area":"lahore"}"#),
            ("user.registered", #"{"userId":"U-ali","role":"buyer","area":"lahore","level":"basic"}"#),
            ("user.registered", #"{"userId":"U-sana","role":"seller","area":"lahore","level":"normal"}"#),
            (
                "product.listed",
                #"{"productId":"P-1","sellerId":"U-sana","title":"Goods","price":10000,"currency":"PKR","stock":9,"category":"audio","tags":[],"area":"lahore"}"#
            ),
            (
                "service.registered",
                #"{"serviceId":"S-1","providerId":"U-sana","title":"T","price":5000,"currency":"PKR","license":{"kind":"call","calls":1},"requiredLevel":"free","available":true}"#
            ),
            (
                "wallet.deposited",
                #"{"depositId":"D-1","userId":"U-ali","amount":30000,"currency":"PKR","provider":"bank"}"#
            ),
        ] {
            try bench.send(type, data, at: "2024-02-15T09:00:00Z")
        }
        return bench
    }

    private static func correct(_ bench: Bench, _ number: Int, _ about: String, _ outcome: String, _ amount: Int) throws
    {
        let sent = try bench.send(
            "admin.override",
            #"{"overrideId":"OV-\#(number)","corrects":"0000000000000001","because":"test","emit":[{"type":"complaint.closed","subject":"C-1","data":{"complaintId":"C-1",\#(about),"outcome":"\#(outcome)","refundAmount":\#(amount)}}]}"#
        )
        #expect(sent.types.contains("complaint.closed") && !sent.types.contains("agent.failed"))
    }

    @Test("an order counts on the records of buyer and seller as it ended last")
    func standings() throws {
        let bench = try Self.bench()
        func counts(_ user: String) -> [Int64?] {
            [
                bench.number("settledOrders", of: user, in: "standings"),
                bench.number("lostOrders", of: user, in: "standings"),
                bench.number("openOrders", of: user, in: "standings"),
            ]
        }
        for (type, data) in [
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
        ] {
            try bench.send(type, data)
        }
        #expect(counts("U-sana") == [1, 0, 0])
        #expect(counts("U-ali") == [1, 0, 0])
        let order = #""orderId":"O-1""#
        try Self.correct(bench, 1, order, "refund", 10_000)
        #expect(counts("U-sana") == [0, 1, 0])
        #expect(counts("U-ali") == [0, 0, 0])
        try Self.correct(bench, 2, order, "rejected", 0)
        #expect(counts("U-sana") == [1, 0, 0])
        #expect(counts("U-ali") == [1, 0, 0])
        try Self.correct(bench, 3, order, "unresolved", 10_000)
        #expect(counts("U-sana") == [0, 1, 0])
        #expect(bench.balance(of: "wallet/U-ali/PKR") == 30_000)
        #expect(bench.balance(of: "wallet/U-sana/PKR") == 0)
    }

    @Test("an order whose payment is called back is under way no longer, and on nobody's record")
    func calledBack() throws {
        let bench = try Self.bench()
        for (type, data) in [
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
        ] {
            try bench.send(type, data)
        }
        #expect(bench.number("openOrders", of: "U-sana", in: "standings") == 1)
        try bench.send("payment.dispute.closed", #"{"disputeId":"X-1","outcome":"lost"}"#)
        for column in ["openOrders", "settledOrders", "lostOrders"] {
            #expect(bench.number(column, of: "U-sana", in: "standings") == 0)
            #expect(bench.number(column, of: "U-ali", in: "standings") == 0)
        }
    }

    @Test("what a user gave back of a service is no refund any more")
    func services() throws {
        let bench = try Self.bench()
        for (type, data) in [
            ("service.requested", #"{"requestId":"R-1","serviceId":"S-1","userId":"U-ali"}"#),
            ("service.delivered", #"{"requestId":"R-1"}"#),
            (
                "complaint.submitted",
                #"{"complaintId":"C-1","requestId":"R-1","userId":"U-ali","kind":"poor","description":"x"}"#
            ),
            ("complaint.resolved", #"{"complaintId":"C-1","outcome":"refund","by":"U-zara"}"#),
        ] {
            try bench.send(type, data)
        }
        func refunded() -> Int64? { bench.number("refunded", of: "R-1", in: "serviceRequests") }
        #expect(refunded() == 5_000)
        try Self.correct(bench, 1, #""requestId":"R-1""#, "rejected", 0)
        #expect(refunded() == 0)
        try Self.correct(bench, 2, #""requestId":"R-1""#, "partial", 2_000)
        #expect(refunded() == 2_000)
        #expect(bench.balance(of: "wallet/U-ali/PKR") == 27_000)
    }
}
