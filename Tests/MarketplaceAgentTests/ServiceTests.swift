import AgentKit
import EngineTestSupport
import Testing

@testable import MarketplaceAgent

@Suite("services, requests and licenses")
struct ServiceTests {
    private let bench = AgentBench<MarketplaceAgent>()

    private func request(_ id: String) throws -> ServiceRequest { try #require(bench.state.requests[id]) }

    private func register(price: Int64 = 100, in currency: String = "PKR", more: String = "") throws {
        try bench.fold(
            "service.recorded",
            #"{"serviceId":"S-1","providerId":"U-p","title":"T","price":\#(price),"currency":"\#(currency)","license":{"kind":"call","calls":3},"requiredLevel":"free","available":true\#(more)}"#
        )
    }

    private func accept(_ id: String, amount: Int64 = 100) throws {
        try bench.fold(
            "service.accepted",
            #"{"requestId":"\#(id)","serviceId":"S-1","userId":"U-1","amount":\#(amount),"currency":"PKR"}"#)
    }

    private func grant(_ id: String, for request: String) throws {
        try bench.fold(
            "license.granted",
            #"{"licenseId":"\#(id)","requestId":"\#(request)","serviceId":"S-1","userId":"U-1","calls":3}"#)
    }

    @Test("the fees of the last requests that were settled are kept, until the currency changes")
    func fees() throws {
        try register(more: #","tags":["ocr"]"#)
        let count = Int64(Service.feesMax + 2)
        for number in 1...count {
            try accept("R-\(number)", amount: 10 * number)
            try bench.fold("service.settled", #"{"requestId":"R-\#(number)"}"#)
        }
        let kept = (3...count).map { Amount(10 * $0) }
        #expect(bench.state.services["S-1"]?.fees == kept)
        #expect(bench.state.services["S-1"]?.feeSum == kept.reduce(.zero, +))
        try register(price: 200)
        #expect(bench.state.services["S-1"]?.fees == kept && bench.state.services["S-1"]?.tags == ["ocr"])
        try register(in: "USD", more: #","tags":[]"#)
        let service = try #require(bench.state.services["S-1"])
        #expect(service.fees.isEmpty && service.feeSum == .zero && service.tags.isEmpty)
    }

    @Test("a part that goes back leaves the request as it was, and the whole ends it")
    func refunds() throws {
        try register()
        for id in ["R-1", "R-2", "R-3"] { try accept(id) }
        try bench.fold("service.refunded", #"{"requestId":"R-1","amount":40}"#)
        #expect(try request("R-1").status == .awaitingPayment && request("R-1").refunded == Amount(40))
        try bench.fold("service.refunded", #"{"requestId":"R-1","amount":60}"#)
        #expect(try request("R-1").status == .refunded)
        try bench.fold("service.refunded", #"{"requestId":"R-2","amount":0}"#)
        #expect(try request("R-2").status == .refunded)

        try bench.fold("service.settled", #"{"requestId":"R-3"}"#)
        try bench.fold("complaint.opened", #"{"complaintId":"C-1","requestId":"R-3"}"#)
        try bench.fold(
            "complaint.closed", #"{"complaintId":"C-1","requestId":"R-3","outcome":"partial","refundAmount":20}"#)
        try bench.fold("service.refunded", #"{"requestId":"R-3","amount":20}"#)
        #expect(try request("R-3").status == .settled && request("R-3").complaintRefund == Amount(20))
        try bench.post("service.return", "R-3", [("wallet/U-1", "wallet/U-p", 15)])
        #expect(try request("R-3").refunded == Amount(5))
    }

    @Test("the latest license for a service is the open one, until that license ends")
    func licenses() throws {
        try register()
        for (request, license) in [("R-1", "L-1"), ("R-2", "L-2")] {
            try accept(request)
            try grant(license, for: request)
        }
        #expect(try request("R-1").status == .licensed && request("R-1").licensedAt == bench.now)
        #expect(bench.state.openLicenses["U-1/S-1"]?.licenseId == "L-2")
        try bench.fold("call.recorded", #"{"licenseId":"L-1","remaining":0}"#)
        try bench.fold("license.expired", #"{"licenseId":"L-1"}"#)
        #expect(bench.state.licenses["L-1"]?.status == .expired && bench.state.licenses["L-1"]?.callsLeft == 0)
        #expect(bench.state.openLicenses["U-1/S-1"]?.licenseId == "L-2")
        try bench.fold("license.revoked", #"{"licenseId":"L-2"}"#)
        #expect(bench.state.licenses["L-2"]?.status == .revoked && bench.state.openLicenses["U-1/S-1"] == nil)
    }

    @Test("under the shipped rules, an amount that a user gave back no longer counts as refunded")
    func corrections() throws {
        let bench = try Bench.town()
        try bench.play([
            ("service.requested", #"{"requestId":"R-1","serviceId":"S-1","userId":"U-ali"}"#),
            ("service.delivered", #"{"requestId":"R-1"}"#),
            (
                "complaint.submitted",
                #"{"complaintId":"C-1","requestId":"R-1","userId":"U-ali","kind":"poor","description":"x"}"#
            ),
            ("complaint.resolved", #"{"complaintId":"C-1","outcome":"refund","by":"U-zara"}"#),
        ])
        func refunded() -> Int64? { bench.number("refunded", of: "R-1", in: "serviceRequests") }
        #expect(refunded() == 5_000)
        try bench.correct(1, about: #""requestId":"R-1""#, outcome: "rejected", refund: 0)
        #expect(refunded() == 0)
        try bench.correct(2, about: #""requestId":"R-1""#, outcome: "partial", refund: 2_000)
        #expect(refunded() == 2_000)
        #expect(bench.balance(of: "wallet/U-ali/PKR") == 27_000)
    }
}
