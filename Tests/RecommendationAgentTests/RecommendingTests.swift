import AgentKit
import EngineTestSupport
import RecommendationAgent
import TestSupport
import Testing

@Suite("recommending")
struct RecommendingTests {
    @Test("the same score goes by id, as bytes")
    func ties() throws {
        let shop = Shop()
        for id in ["P-b", "P-ä", "P-B", "P-a", "P-10", "P-9"] { try shop.list(id, seller: "U-" + id, tags: ["x"]) }
        try shop.search(["x"], by: "U-1")
        #expect(try shop.ids(for: "U-1") == ["P-10", "P-9", "P-B", "P-a", "P-b", "P-ä"])
    }

    @Test("tags and terms are compared without the case of A to Z")
    func cases() throws {
        let shop = Shop()
        try shop.list("P-1", tags: ["Bluetooth"])
        try shop.search(["BLUETOOTH"], by: "U-1")
        #expect(try shop.cards(for: "U-1").first?.score == 40 + 8)
    }

    @Test("a profile holds only the last fifty tags and terms")
    func recent() throws {
        let shop = Shop()
        try shop.search(["old"], by: "U-1")
        for index in 0..<InterestProfile.termsMax { try shop.search(["new-\(index)"], by: "U-1") }
        #expect(shop.state.profiles["U-1"]?.terms.first == "new-0")
        #expect(shop.state.profiles["U-1"]?.terms.count == InterestProfile.termsMax)
    }

    @Test("what others bought with what one bought is lifted, once it has twenty orders")
    func lift() throws {
        let shop = Shop()
        for index in 0..<60 { try shop.list("P-\(index)", seller: "U-\(index)") }
        try shop.list("P-anchor", seller: "U-anchor", tags: ["t"])
        func buyBoth(_ range: Range<Int>) throws {
            for buyer in range {
                try shop.buy("P-anchor", by: "U-buyer-\(buyer)")
                try shop.buy("P-7", by: "U-buyer-\(buyer)")
                try shop.buy("P-\(10 + buyer)", by: "U-other-\(buyer)")
            }
        }
        try buyBoth(0..<18)
        try shop.buy("P-anchor", by: "U-1")
        let before = try shop.cards(for: "U-1").first { $0.id == "P-7" }?.score
        try buyBoth(18..<19)
        let after = try shop.cards(for: "U-1").first { $0.id == "P-7" }?.score
        #expect(try #require(after) >= #require(before) + 2)
        #expect(try shop.ids(for: "U-1").first == "P-7")
    }

    @Test("an invalid place is refused, and the most popular stand in")
    func place() throws {
        let shop = Shop()
        try shop.list("P-1", tags: ["x"], at: (31.5, 74.3))
        try shop.search(["x"], by: "U-1")
        try shop.fold("session.started", #"{"sessionId":"S","userId":"U-1","location":{"lat":91,"lon":0}}"#)
        #expect(throws: RecommendationState.Refusal.place) { try shop.cards(for: "U-1") }
        #expect(shop.state.popular("U-1", 10, Scoring(), at: shop.now).map(\.id) == ["P-1"])
        try shop.fold("session.started", #"{"sessionId":"S","userId":"U-1"}"#)
        #expect(try shop.ids(for: "U-1") == ["P-1"])
    }

    @Test("what nobody has seen does not trend, however new it is")
    func unseen() throws {
        let shop = Shop()
        try shop.list("P-1", tags: ["x"])
        #expect(shop.state.offers["product/P-1"]?.views(at: shop.now) == 0)
        try shop.view("P-1", by: "U-1")
        let views = try #require(shop.state.offers["product/P-1"]?.views(at: shop.now))
        #expect((1023...1025).contains(views))
    }

    @Test("an erased user has no profile any more")
    func erased() throws {
        let shop = Shop()
        try shop.list("P-1", tags: ["x"])
        try shop.view("P-1", by: "U-1")
        try shop.fold("erasure.completed", #"{"requestId":"R","userId":"U-1"}"#)
        #expect(try shop.ids(for: "U-1") == [])
        #expect(shop.state.popular("U-1", 10, Scoring(), at: shop.now).map(\.id) == ["P-1"])
    }

    /// Compares the search with scoring every offer, which must agree where the indexes have room for all of them.
    @Test("what is found by indexes is what scoring every offer finds")
    func exhaustive() throws {
        var random = SeededGenerator.announced()
        var compared = 0
        for _ in 0..<20 {
            let shop = Shop()
            let tags = (0..<12).map { "t\($0)" }
            for index in 0..<60 {
                let own = (0..<random.int(in: 0...5)).map { _ in random.pick(tags) }
                let place = (lat: 31 + Double(random.int(in: 0...20)) / 100, lon: 74.0)
                try shop.list(
                    "P-\(index)", seller: "U-\(random.int(in: 0...15))", tags: own, category: "c",
                    stock: random.int(in: 0...3), at: random.once(in: 2) ? place : nil)
            }
            try shop.fold("session.started", #"{"sessionId":"S","userId":"U-1","location":{"lat":31.1,"lon":74.05}}"#)
            for _ in 0..<random.int(in: 1...30) { try shop.view("P-\(random.int(in: 0...59))", by: "U-1") }
            for _ in 0..<5 { try shop.buy("P-\(random.int(in: 0...59))", by: "U-1") }
            guard shop.state.profiles["U-1"]?.terms.isEmpty == false else { continue }
            #expect(try shop.cards(for: "U-1") == everything(shop))
            compared += 1
        }
        #expect(compared > 0)
    }

    /// The cards by definition: every offer scored.
    private func everything(_ shop: Shop) throws -> [Card] {
        let profile = try #require(shop.state.profiles["U-1"])
        let terms = Set(profile.terms)
        var cards: [(seller: String, card: Card)] = []
        func closeness(_ offer: Offer) -> Int64 {
            (Int64(terms.intersection(offer.tags).count) << 30) / Int64(terms.union(offer.tags).count)
        }
        let closest =
            (0..<60).compactMap { shop.state.offers["product/P-\($0)"] }.filter { $0.stock > 0 }
            .map(closeness).max() ?? 0
        for index in 0..<60 {
            let offer = try #require(shop.state.offers["product/P-\(index)"])
            guard offer.stock > 0 else { continue }
            let views = offer.views(at: shop.now)
            var parts =
                (closest > 0 ? 40_000_000 * closeness(offer) / closest : 0) + 25_000_000 * views / (views + 20 * 1024)
                + 7_500_000
            if let here = profile.place, let there = offer.place {
                parts += 20_000_000 * 10_000 / (10_000 + here.metres(to: there))
            }
            let points = (parts + 500_000) / 1_000_000
            cards.append((offer.sellerId, Card(id: offer.id, kind: .product, score: points)))
        }
        cards.sort { $0.card.score != $1.card.score ? $0.card.score > $1.card.score : $0.card.id < $1.card.id }
        var sellers: [String: Int] = [:]
        var taken: [Card] = []
        for item in cards where taken.count < 10 && shop.state.purchases["U-1/product/" + item.card.id] == nil {
            guard sellers[item.seller, default: 0] < 2 else { continue }
            sellers[item.seller, default: 0] += 1
            taken.append(item.card)
        }
        return taken
    }

    @Test("the functions of rules refuse an invalid number of cards or scoring figure")
    func functions() throws {
        let shop = Shop()
        try shop.list("P-1", tags: ["x"])
        try shop.search(["x"], by: "U-1")
        #expect(
            try shop.bench.evaluate(#"recommend("U-1", 10)"#).jsonDescription
                == #"[{"id":"P-1","kind":"product","score":48}]"#)
        #expect(try shop.bench.evaluate(#"recommend("U-1", 10, {"tags": 0})"#).jsonDescription.contains("\"score\":8"))
        #expect(try shop.bench.evaluate(#"recommend("U-1", 0)"#).jsonDescription == "[]")
        for source in [
            #"recommend("U-1", -1)"#, #"recommend("U-1", 101)"#, #"recommend("U-1", 10, {"tags": -1})"#,
            #"recommend("U-1", 10, {"nearHalf": 0})"#, #"recommend("U-1", 10, {"tags": "much"})"#,
        ] {
            guard case .error = try shop.bench.evaluate(source) else {
                Issue.record("\(source) was not refused")
                continue
            }
        }
    }
}
