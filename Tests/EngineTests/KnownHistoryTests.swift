import AgentKit
import Engine
import EventLog
import Foundation
import JSON
import Rules
import Testing

/// The shipped rules over the shipped history.
@Suite("the known history")
struct KnownHistoryTests {
    static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// Stands in for the service's keys: the same value always seals to the same text.
    struct PlainSealing: Sealing {
        func prepareErasure(of persons: [String]) -> Bool { true }
        func erase(_ persons: [String]) -> [String] { [] }
        func abandonErasure() {}
        func seal(
            _ value: View, userId: String, origin: String, source: String, id: String, pointer: String
        ) throws(Problem) -> (commitment: String, sealed: String) {
            ("AAAA", String(value.string?.utf8.reduce(0) { $0 &* 31 &+ Int($1) } ?? 0))
        }
    }

    static func play() throws -> Bench {
        var rules: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: package + "/rules")
        where name.hasSuffix(".yaml") {
            rules[name] = try String(contentsOfFile: package + "/rules/" + name, encoding: .utf8)
        }
        let bench = try Bench(rules, sealing: PlainSealing())
        let history = try String(contentsOfFile: package + "/fixtures/known-history.ndjson", encoding: .utf8)
        for line in history.split(separator: "\n") {
            try bench.send(bench.intake.prepare(Document.parse(Array(line.utf8)).root, authority: "local"))
        }
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
