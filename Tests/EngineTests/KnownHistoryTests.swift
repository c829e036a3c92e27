import AgentKit
import Engine
import EngineTestSupport
import EventLog
import Testing

/// The shipped rules over the shipped history.
@Suite("the known history")
struct KnownHistoryTests {
    static func play() throws -> Bench {
        let bench = try Bench.shipped(sealing: OpenSealing())
        try bench.play(file: "known-history.ndjson")
        return bench
    }

    @Test("refuses ORD-001 for funds, then processes it after the top-up")
    func retry() throws {
        let lines = try Self.play().lines().filter { $0.document.root["subject"]?.string == "ORD-001" }
        let types = lines.types.filter { $0.hasPrefix("order.") || $0.hasPrefix("transfer.") }
        #expect(
            types.prefix(10) == [
                "order.placed", "order.accepted", "transfer.requested", "transfer.rejected", "order.payment.rejected",
                "order.payment.retried", "order.payment.retry.accepted", "transfer.requested", "transfer.posted",
                "order.processing",
            ])
        let rejected = try #require(lines.first { $0.type == "transfer.rejected" })
        #expect(rejected.document.root["data"]?["code"]?.string == "exceeds_credits")
    }

    @Test("fines the three tiers at the three deadlines and refunds the buyer")
    func deadlines() throws {
        let lines = try Self.play().lines()
        let fired = lines.filter {
            $0.type == "timer.fired" && $0.data.contains(#""key":"COMP-001""#) && $0.data.contains("deadline")
        }
        #expect(
            fired.compactMap { $0.document.root["recordedtime"]?.string } == [
                "2024-02-16T16:00:00.000Z", "2024-02-16T22:00:00.000Z", "2024-02-17T04:00:00.000Z",
            ])
        let fines = lines.filter { $0.type == "fine.imposed" }.compactMap { $0.document.root["data"] }
        #expect(fines.compactMap { $0["amount"]?.int } == [3998, 5997, 9995])
        #expect(fines.compactMap { $0["partyId"]?.string } == ["F-zoneone", "F-lahore", "F-pakistan"])
        let refund = try #require(lines.last { $0.type == "order.refunded" })
        #expect(refund.document.root["data"]?["amount"]?.int == 199_900)
    }

    @Test("no rule fails, and the balances of each currency sum to zero")
    func balances() throws {
        let bench = try Self.play()
        #expect(bench.lines().filter { $0.type == "agent.failed" || $0.type == "deadletter.added" }.isEmpty)
        let accounts = try #require(bench.machine.tables.named("accounts"))
        var sums: [String: Int64] = [:]
        var count = 0
        accounts.forEachKey { key in
            let currency = String(key.split(separator: "/").last ?? "")
            sums[currency, default: 0] += bench.balance(of: key)
            count += 1
            return true
        }
        #expect(count > 5)
        #expect(sums.values.allSatisfy { $0 == 0 })
    }

    @Test("gives the same bytes each time it is played")
    func determinism() throws {
        let first = try Self.play()
        let second = try Self.play()
        #expect(first.machine.chain.count == second.machine.chain.count)
        #expect(
            first.machine.chain.hashText(first.machine.chain.count - 1)
                == second.machine.chain.hashText(second.machine.chain.count - 1))
    }
}

/// The shipped rules over the second shipped history, which continues the known history.
@Suite("the history of payments")
struct PaymentsFixtureTests {
    private static func play() throws -> Bench {
        let bench = try KnownHistoryTests.play()
        try bench.play(file: "payments.ndjson")
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
