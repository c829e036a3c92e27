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
