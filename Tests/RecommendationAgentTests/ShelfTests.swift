import AgentKit
import RecommendationAgent
import TestSupport
import Testing

@Suite("shelves: where candidates are found")
struct ShelfTests {
    @Test("a shelf is never longer than its places, and keeps what is hottest")
    func hottest() throws {
        let shop = Shop()
        let count = Shelf.placesMax * 2
        for index in 0..<count { try shop.list("P-\(index)", seller: "U-\(index)", tags: ["a"]) }
        for index in Shelf.placesMax..<count { for _ in 0..<3 { try shop.view("P-\(index)", by: "U-x") } }
        let shelf = try #require(shop.state.shelves[Shelf.tag("a")])
        #expect(Set(shelf.offers) == Set((Shelf.placesMax..<count).map { "product/P-\($0)" }))
        #expect(shelf.heats.count == Shelf.placesMax)
    }

    @Test("what is sold out leaves every shelf, and comes back with its stock")
    func soldOut() throws {
        let shop = Shop()
        try shop.list("P-1", tags: ["a", "b"], category: "c", stock: 1, at: (31.5, 74.3))
        let names = ["all", "category/c", "tag/a", "tag/b", "near/315/743"]
        func holders() -> [String] { names.filter { shop.state.shelves[$0]?.offers == ["product/P-1"] } }
        #expect(holders() == names)
        try shop.fold("inventory.reserved", #"{"orderId":"O","productId":"P-1","quantity":1}"#)
        #expect(holders() == [])
        try shop.fold("inventory.released", #"{"orderId":"O","productId":"P-1","quantity":1}"#)
        #expect(holders() == names)
    }

    @Test("what is listed anew leaves the shelves of its old tags")
    func relisted() throws {
        let shop = Shop()
        try shop.list("P-1", tags: ["a"], category: "c")
        try shop.list("P-1", tags: ["b"], category: "d")
        #expect(shop.state.shelves["tag/a"]?.offers == [])
        #expect(shop.state.shelves["category/c"]?.offers == [])
        #expect(shop.state.shelves["tag/b"]?.offers == ["product/P-1"])
        #expect(shop.state.shelves["all"]?.offers == ["product/P-1"])
    }

    @Test("a shelf knows how hot its offers are to a halving")
    func heats() throws {
        let shop = Shop()
        var random = SeededGenerator.announced()
        for index in 0..<40 { try shop.list("P-\(index)", tags: ["a"]) }
        for _ in 0..<2000 {
            shop.now = shop.now.adding(seconds: Int64(random.int(in: 0...600)))
            try shop.view("P-\(random.int(in: 0...39) * random.int(in: 0...39) / 39)", by: "U-x")
        }
        let shelf = try #require(shop.state.shelves["tag/a"])
        for (offer, heat) in zip(shelf.offers, shelf.heats) {
            let truth = try #require(shop.state.offers[offer]).heat
            #expect(truth.value - heat.value < Heat.halving && truth >= heat)
        }
    }

    @Test("companions are bounded, and the frequent stay")
    func companions() throws {
        let shop = Shop()
        for index in 0..<100 { try shop.list("P-\(index)") }
        for index in 1..<100 {
            try shop.buy("P-0", by: "U-\(index)")
            try shop.buy("P-\(index < 50 ? 1 : index)", by: "U-\(index)")
        }
        let row = try #require(shop.state.companions["product/P-0"])
        #expect(row.offers.count == Companions.placesMax)
        let first = try #require(row.offers.firstIndex(of: "product/P-1"))
        #expect(row.counts[first] == row.counts.max())
    }

    @Test("a cascade that is taken back leaves nothing behind")
    func undo() throws {
        let shop = Shop()
        try shop.list("P-1", tags: ["a"])
        shop.tables.journal.keep()
        let mark = shop.tables.journal.mark()
        try shop.list("P-2", tags: ["a"])
        try shop.view("P-1", by: "U-1")
        try shop.buy("P-1", by: "U-1")
        shop.tables.journal.undo(to: mark)
        #expect(shop.state.shelves["tag/a"]?.offers == ["product/P-1"])
        #expect(!shop.state.tastes.contains("U-1") && !shop.state.purchases.contains("U-1/product/P-1"))
        #expect(shop.state.offers["product/P-1"]?.orders == 0)
    }
}
