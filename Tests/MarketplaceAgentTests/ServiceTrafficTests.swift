import AgentKit
import EngineTestSupport
import TestSupport
import Testing

/// The invariants of services and franchises under any traffic.
@Suite("random traffic about services and franchises")
struct ServiceTrafficTests {
    static let events = 1500

    @Test("leaves no money behind, ends each request once, and fails no rule")
    func invariants() throws {
        let bench = try Bench.shipped()
        var traffic = try ServiceTraffic(bench, random: .announced())
        for _ in 0..<Self.events { try traffic.send() }
        let lines = bench.lines()

        #expect(lines.filter { $0.type == "agent.failed" || $0.type == "deadletter.added" }.isEmpty)
        let sum = bench.keys(of: "accounts").filter { $0.hasSuffix("/PKR") }.reduce(0) { $0 + bench.balance(of: $1) }
        #expect(sum == 0)
        for type in ["service.suspended", "service.restored", "fine.imposed"] { #expect(lines.types.contains(type)) }
        try checkRequests(bench, lines)
        try checkLicenses(bench)
        try checkSales(bench)
        checkIncome(bench, lines)
    }

    /// Checks that a request's full price is held until it ends, and nothing after; it is settled or refunded at most
    /// once.
    private func checkRequests(_ bench: Bench, _ lines: [Bench.Line]) throws {
        let ids = bench.keys(of: "serviceRequests")
        #expect(ids.count > 20)
        for id in ids {
            let amount = try #require(bench.number("amount", of: id, in: "serviceRequests"))
            let isOpen = ["licensed", "delivered"].contains(bench.text("status", of: id, in: "serviceRequests"))
            #expect(bench.balance(of: "service/\(id)/PKR") == (isOpen ? amount : 0), "\(id)")
        }
        for type in ["service.accepted", "service.settled", "service.refunded", "license.granted"] {
            let named = lines.filter { $0.type == type }.compactMap { $0.document.root["data"]?["requestId"]?.string }
            #expect(!named.isEmpty)
            #expect(Set(named).count == named.count, "\(type) twice for one request")
        }
    }

    /// Checks that a user's open license for a service is the active one, and the only one.
    private func checkLicenses(_ bench: Bench) throws {
        let open = bench.keys(of: "openLicenses").compactMap { bench.text("licenseId", of: $0, in: "openLicenses") }
        let active = bench.keys(of: "licenses").filter { bench.text("status", of: $0, in: "licenses") == "active" }
        #expect(open.sorted() == active.sorted())
        #expect(bench.keys(of: "licenses").allSatisfy { bench.number("callsLeft", of: $0, in: "licenses") ?? 0 >= 0 })
    }

    /// Checks that only a sale under vote is open, and that its franchise names it.
    private func checkSales(_ bench: Bench) throws {
        let sales = bench.keys(of: "sales")
        #expect(sales.contains { bench.text("status", of: $0, in: "sales") == "completed" })
        #expect(sales.contains { bench.text("status", of: $0, in: "sales") == "refused" })
        for sale in sales where ["accepted", "paid"].contains(bench.text("status", of: sale, in: "sales")) {
            let franchise = try #require(bench.text("franchiseId", of: sale, in: "sales"))
            #expect(bench.text("status", of: sale, in: "sales") == "accepted")
            #expect(bench.text("saleId", of: franchise, in: "franchises") == sale)
        }
    }

    /// Checks that all income of a franchise is in a settlement or waits for the next.
    private func checkIncome(_ bench: Bench, _ lines: [Bench.Line]) {
        let settled = lines.filter { $0.type == "settlement.issued" }.compactMap { $0.document.root["data"] }
        #expect(!settled.isEmpty)
        for franchise in bench.keys(of: "franchises") {
            let issued = settled.filter { $0["franchiseId"]?.string == franchise }
                .reduce(0) { $0 + ($1["income"]?.int ?? 0) }
            let waiting = bench.number("income", of: franchise + "/PKR", in: "franchiseIncome") ?? 0
            let earned = bench.number("creditsPosted", of: "franchise/\(franchise)/PKR", in: "accounts") ?? 0
            #expect(issued + waiting == earned)
        }
        let ratings = lines.filter { $0.type == "franchise.rated" }.compactMap {
            $0.document.root["data"]?["score"]?.int
        }
        #expect(!ratings.isEmpty && ratings.allSatisfy { (0...100).contains($0) })
    }
}
