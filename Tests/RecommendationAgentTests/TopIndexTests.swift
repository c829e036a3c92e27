import AgentKit
import RecommendationAgent
import TestSupport
import Testing

@Suite("top-k indexes: where candidates are found")
struct TopIndexTests {
    @Test("an index holds no more than k offers, and keeps the most popular")
    func mostPopular() throws {
        let shop = Shop()
        let count = TopIndex.placesMax * 2
        for index in 0..<count { try shop.list("P-\(index)", seller: "U-\(index)", tags: ["a"]) }
        for index in TopIndex.placesMax..<count { for _ in 0..<3 { try shop.view("P-\(index)", by: "U-x") } }
        let index = try #require(shop.state.topIndexes[TopIndex.tag("a")])
        #expect(Set(index.offers) == Set((TopIndex.placesMax..<count).map { "product/P-\($0)" }))
        #expect(index.popularities.count == TopIndex.placesMax)
    }

    @Test("what is sold out leaves every index, and comes back with its stock")
    func soldOut() throws {
        let shop = Shop()
        try shop.list("P-1", tags: ["a", "b"], category: "c", stock: 1, at: (31.5, 74.3))
        let names = ["all", "category/c", "tag/a", "tag/b", "near/315/743"]
        func holders() -> [String] { names.filter { shop.state.topIndexes[$0]?.offers == ["product/P-1"] } }
        #expect(holders() == names)
        try shop.fold("inventory.reserved", #"{"orderId":"O","productId":"P-1","quantity":1}"#)
        #expect(holders() == [])
        try shop.fold("inventory.released", #"{"orderId":"O","productId":"P-1","quantity":1}"#)
        #expect(holders() == names)
    }

    @Test("what is listed anew leaves the indexes of its old tags")
    func relisted() throws {
        let shop = Shop()
        try shop.list("P-1", tags: ["a"], category: "c")
        try shop.list("P-1", tags: ["b"], category: "d")
        #expect(shop.state.topIndexes["tag/a"]?.offers == [])
        #expect(shop.state.topIndexes["category/c"]?.offers == [])
        #expect(shop.state.topIndexes["tag/b"]?.offers == ["product/P-1"])
        #expect(shop.state.topIndexes["all"]?.offers == ["product/P-1"])
    }

    @Test("an index knows the popularity of its offers to a factor of two")
    func popularities() throws {
        let shop = Shop()
        var random = SeededGenerator.announced()
        for index in 0..<40 { try shop.list("P-\(index)", tags: ["a"]) }
        for _ in 0..<2000 {
            shop.now = shop.now.adding(seconds: Int64(random.int(in: 0...600)))
            try shop.view("P-\(random.int(in: 0...39) * random.int(in: 0...39) / 39)", by: "U-x")
        }
        let index = try #require(shop.state.topIndexes["tag/a"])
        for (offer, popularity) in zip(index.offers, index.popularities) {
            let truth = try #require(shop.state.offers[offer]).popularity
            #expect(truth.value - popularity.value < DecayedPopularity.halving && truth >= popularity)
        }
    }

    @Test("co-purchases are bounded, and the frequent stay")
    func coPurchases() throws {
        let shop = Shop()
        for index in 0..<100 { try shop.list("P-\(index)") }
        for index in 1..<100 {
            try shop.buy("P-0", by: "U-\(index)")
            try shop.buy("P-\(index < 50 ? 1 : index)", by: "U-\(index)")
        }
        let row = try #require(shop.state.coPurchases["product/P-0"])
        #expect(row.offers.count == CoPurchases.placesMax)
        let first = try #require(row.offers.firstIndex(of: "product/P-1"))
        #expect(row.counts[first] == row.counts.max())
    }

    @Test("a cascade that is taken back leaves nothing behind")
    func undo() throws {
        let shop = Shop()
        try shop.list("P-1", tags: ["a"])
        shop.tables.journal.commit()
        let mark = shop.tables.journal.mark()
        try shop.list("P-2", tags: ["a"])
        try shop.view("P-1", by: "U-1")
        try shop.buy("P-1", by: "U-1")
        shop.tables.journal.undo(to: mark)
        #expect(shop.state.topIndexes["tag/a"]?.offers == ["product/P-1"])
        #expect(!shop.state.profiles.contains("U-1") && !shop.state.purchases.contains("U-1/product/P-1"))
        #expect(shop.state.offers["product/P-1"]?.orders == 0)
    }
}
