import Foundation
import TestSupport
import Testing

@Suite("The benchmarks measure what they say", .ownThreads)
struct BenchTests {
    private struct Figures: Decodable {
        let name: String, count: Int, seconds: Double, perSecond: Double
        let p50: Double?, p90: Double?, p99: Double?, max: Double?, entries: Int?, failed: Int?
    }

    private func figures(_ result: Docket.Result) throws -> Figures {
        try #require(result.status == 0, "\(result.output)\(result.messages)")
        return try JSONDecoder().decode(Figures.self, from: Data(result.output.utf8))
    }

    @Test("append moves money as often as it says, and the balances still sum to zero")
    func append() throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        let single = try figures(ledger.load("append", "--connections", "4", "--count", "200"))
        #expect(single.count == 200 && single.entries == 400 && single.failed == 0)
        #expect(single.p50 != nil && single.max != nil)
        let batch = try figures(ledger.load("append", "--batch", "50", "--count", "300"))
        #expect(batch.count == 300 && batch.entries == 600)
        let bulk = try figures(
            ledger.load("append", "--payments", "20", "--batch", "2", "--count", "400"))
        #expect(bulk.count == 400 && bulk.entries == 40)
        let orders = try figures(
            ledger.load("append", "--mix", "orders", "--batch", "10", "--count", "400"))
        #expect(orders.count == 400)
        #expect(try ledger.stopService() == 0)
        #expect(try ledger.run("accounts").status == 0)
        #expect(try ledger.run("log", "--type", "order.settled").lines.count == 99)
        #expect(try ledger.run("log", "--type", "order.refunded").lines.count == 1)

        let limit = try figures(ledger.measure("store"))
        let size = try ledger.run("log").lines.count
        #expect(limit.count <= size && limit.count > 0)
        #expect(try figures(ledger.measure("replay")).count == size)
        #expect(try figures(ledger.measure("verify", "--key", ledger.key)).count == size)
    }

    @Test("users lets each user order, and one in twenty complain, without a refusal")
    func users() throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        let figures = try figures(ledger.load("users", "--users", "40", "--connections", "4"))
        #expect(figures.count == 400 && figures.failed == 0 && figures.p99 != nil)
        #expect(try ledger.stopService() == 0)
        #expect(try ledger.run("log", "--type", "order.settled").lines.count == 38)
        #expect(try ledger.run("log", "--type", "order.refunded").lines.count == 2)
        #expect(try ledger.run("log", "--type", "order.rating.recorded").lines.count == 38)
    }

    @Test("the micro-benchmarks print their figures")
    func micro() throws {
        let cel = try Docket.bench.run("cel", "--count", "1000", "--json")
        #expect(cel.status == 0, "\(cel.messages)")
        let conditions = try cel.lines.map { try JSONDecoder().decode(Figures.self, from: Data($0.utf8)) }
        #expect(conditions.count == 7 && conditions.allSatisfy { $0.count > 0 && $0.perSecond > 0 })
        let one = try figures(Docket.bench.run("cel", "--count", "100", "--only", "main", "--json"))
        #expect(one.name == "CEL: main" && one.count == 100)
        #expect(try Docket.bench.run("cel", "--only", "mein").status == 2)
        let hash = try figures(Docket.bench.run("sha256", "--count", "1000", "--json"))
        #expect(hash.count == 1000 && hash.perSecond > 0)
    }

    @Test("recommend says how well and how fast it recommends")
    func recommend() throws {
        struct Tastes: Decodable {
            struct Way: Decodable { let hitRate: Double, coverage: Double }
            let latency: Figures
            let products: Int, users: Int, eventsPerSecond: Double
            let recommended: Way, popular: Way, random: Way
        }
        let result = try Docket.bench.run("recommend", "--products", "500", "--users", "60", "--json")
        try #require(result.status == 0, "\(result.messages)")
        let tastes = try JSONDecoder().decode(Tastes.self, from: Data(result.output.utf8))
        #expect(tastes.products == 500 && tastes.users == 60 && tastes.latency.count == 60)
        #expect(tastes.recommended.coverage > tastes.popular.coverage && tastes.latency.p99 != nil)
        let refused = try Docket.bench.run("recommend", "--taste", "101")
        #expect(refused.status != 0)
    }
}
