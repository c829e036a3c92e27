import AgentKit
import Engine
import EventLog
import Foundation
import JSON
import Rules
import Testing

/// The shipped rules over the second shipped history, which goes on where the known history ends.
@Suite("the history of payments")
struct PaymentsFixtureTests {
    private static func play() throws -> Bench {
        let bench = try KnownHistoryTests.play()
        let path = KnownHistoryTests.package + "/fixtures/payments.ndjson"
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            try bench.send(bench.intake.prepare(Document.parse(Array(line.utf8)).root, authority: "local"))
        }
        return bench
    }

    private static func lines(_ bench: Bench, about subject: String) -> [Bench.Line] {
        bench.lines().filter { $0.document.root["subject"]?.string == subject }
    }

    private static func amount(_ line: Bench.Line?, _ member: StaticString = "amount") -> Int64? {
        line?.document.root["data"]?[member]?.int.map { Int64($0) }
    }

    @Test("the lost chargeback makes the gateway whole, and the franchise pays what the platform fronted")
    func chargeback() throws {
        let bench = try Self.play()
        let dispute = Self.lines(bench, about: "DSP-001")
        let opened = dispute.first { $0.type == "dispute.opened" }
        #expect(Self.amount(opened, "held") == 471_755)
        #expect(Self.amount(opened, "owed") == 3_245)
        let debt = try #require(dispute.first { $0.type == "debt.recorded" })
        #expect(debt.document.root["data"]?["partyId"]?.string == "F-pakistan")
        #expect(debt.document.root["data"]?["kind"]?.string == "chargeback")
        #expect(Self.amount(debt) == 3_245)
        let closed = dispute.first { $0.type == "dispute.closed" }
        #expect(closed?.document.root["data"]?["outcome"]?.string == "lost")
        #expect(bench.balance(of: "dispute/DSP-001/PKR") == 0)
        #expect(bench.balance(of: "escrow/ORD-003/PKR") == 0)
        // All that the card gateway is out of is the late payment, which it was asked to pay back.
        #expect(bench.balance(of: "gateway/card/PKR") == -450_000)
        #expect(bench.balance(of: "platform/chargebacks/PKR") == 0)
        #expect(bench.balance(of: "owed/franchise/F-pakistan/PKR") == 0)
        let lost = try #require(dispute.last { $0.type == "transfer.posted" && $0.data.contains("dispute.lost") })
        #expect(lost.data.contains(#""debitAccount":"platform/chargebacks/PKR""#))
        #expect(bench.text("status", of: "ORD-003", in: "orders") == "refunded")
        #expect(bench.balance(of: "wallet/U-saad/EHBP") == 0)
    }

    @Test("the cash order is settled once the rider has handed the cash in")
    func cash() throws {
        let bench = try Self.play()
        let order = Self.lines(bench, about: "ORD-005")
        let decisive = ["cash.recorded", "order.settlement.deferred", "order.settled"]
        #expect(order.types.filter(decisive.contains) == decisive)
        let recorded = Self.lines(bench, about: "RMT-001").first { $0.type == "cash.remittance.recorded" }
        #expect(recorded?.data.contains(#""orders":["ORD-005"]"#) == true)
        #expect(Self.amount(recorded) == 224_900)
        #expect(bench.balance(of: "cash/U-bilal/PKR") == 0)
        #expect(bench.balance(of: "escrow/ORD-005/PKR") == 0)
        #expect(bench.text("status", of: "ORD-005", in: "orders") == "settled")
    }

    @Test("late money goes back to its provider, and a payment that is told twice counts once")
    func lateAndRepeated() throws {
        let bench = try Self.play()
        let order = Self.lines(bench, about: "ORD-006")
        let refused = try #require(order.first { $0.type == "payment.refused" })
        #expect(refused.document.root["data"]?["reason"]?.string == "late")
        let refund = try #require(order.first { $0.type == "payment.refund.requested" })
        #expect(refund.document.root["data"]?["provider"]?.string == "card")
        #expect(refund.document.root["data"]?["reference"]?.string == "CARD-7002")
        #expect(Self.amount(refund) == 450_000)
        #expect(order.types.filter { $0 == "trigger.repeated" }.count == 1)
        #expect(order.types.filter { $0 == "payment.failure.recorded" }.count == 1)
        let holds = order.filter { $0.type == "transfer.posted" && $0.data.contains(#""purpose":"escrow.hold""#) }
        #expect(holds.count == 1)
        #expect(bench.text("status", of: "ORD-006", in: "orders") == "settled")

        let refundId = try #require(refund.document.root["data"]?["refundId"]?.string)
        #expect(bench.balance(of: "suspense/card/PKR") == 450_000)
        let answer = try bench.send(
            "payment.refunded", #"{"refundId":"\#(refundId)"}"#, at: "2024-02-22T14:00:00Z")
        #expect(answer.types.contains("payment.refund.closed"))
        #expect(bench.balance(of: "suspense/card/PKR") == 0)
        #expect(bench.balance(of: "gateway/card/PKR") == 0)
    }

    @Test("the table gives the money for what was never sent back at once")
    func clearCase() throws {
        let bench = try Self.play()
        let closed = try #require(Self.lines(bench, about: "COMP-002").first { $0.type == "complaint.closed" })
        let data = closed.document.root["data"]
        #expect(data?["by"]?.string == "table")
        #expect(data?["row"]?.string == "never_dispatched")
        #expect(data?["outcome"]?.string == "refund")
        let complaint = try #require(bench.lines().first { $0.data.contains("COMP-002") })
        #expect(complaint.type == "complaint.submitted")
        #expect(
            complaint.document.root["recordedtime"]?.string == closed.document.root["recordedtime"]?.string)
        let order = Self.lines(bench, about: "ORD-004")
        #expect(Self.amount(order.first { $0.type == "order.refunded" }) == 199_900)
        #expect(bench.balance(of: "escrow/ORD-004/PKR") == 0)
        #expect(bench.text("status", of: "ORD-004", in: "orders") == "refunded")
    }

    @Test("a part of the price of the service goes back, and the rest is shared out")
    func service() throws {
        let bench = try Self.play()
        let request = Self.lines(bench, about: "REQ-001")
        #expect(Self.amount(request.first { $0.type == "service.refunded" }) == 50_000)
        #expect(request.types.contains("service.settled"))
        let closed = Self.lines(bench, about: "COMP-003").first { $0.type == "complaint.closed" }
        #expect(closed?.document.root["data"]?["outcome"]?.string == "partial")
        #expect(closed?.document.root["data"]?["by"]?.string == "person")
        #expect(bench.balance(of: "service/REQ-001/PKR") == 0)
        #expect(bench.balance(of: "wallet/U-noor/PKR") == 42_000)
    }

    @Test("nothing is refused that should not be, no rule fails, and the balances of each currency sum to zero")
    func balances() throws {
        let bench = try Self.play()
        let before = try KnownHistoryTests.play().machine.chain.count
        let unwanted = bench.lines(from: before).types.filter {
            $0 == "agent.failed" || $0 == "deadletter.added" || $0 == "transfer.rejected" || $0.hasSuffix(".refused")
        }
        #expect(unwanted == ["payment.refused"])
        var sums: [String: Int64] = [:]
        for account in bench.keys(of: "accounts") {
            sums[String(account.split(separator: "/").last ?? ""), default: 0] += bench.balance(of: account)
        }
        #expect(Set(sums.keys) == ["PKR", "EHBP"])
        #expect(sums.values.allSatisfy { $0 == 0 })
    }
}
