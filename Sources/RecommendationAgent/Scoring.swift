import AgentKit

/// The figures of a recommendation, as the rule file gives them. The four parts are points; together they are 100.
package struct Scoring: Sendable {
    package var tags: Int64 = 40
    package var trending: Int64 = 25
    /// Views of the moment that give half the points.
    package var trendingHalf: Int64 = 20
    package var near: Int64 = 20
    /// Kilometres at which half the points are left.
    package var nearHalf: Int64 = 10
    package var trust: Int64 = 15
    /// Cards of one seller.
    package var perSeller: Int64 = 2
    /// Days for which what was bought is not shown again.
    package var boughtDays: Int64 = 7
    /// Orders that something needs before what is bought with it counts.
    package var liftOrders: Int64 = 20
    /// Points that being bought together gives at most.
    package var liftMost: Int64 = 30

    package init() {}

    /// Reads a map of figures; what it leaves out stays as it is.
    /// - Returns: nil where a figure is no integer of 0 to 10,000, or one by which is divided is 0.
    init?(_ figures: Value) {
        for (name, path) in Self.names {
            guard let value = figures.entry(.string(name)) else { continue }
            guard case .int(let figure) = value, (0...10_000).contains(figure) else { return nil }
            self[keyPath: path] = figure
        }
        guard trendingHalf > 0, nearHalf > 0 else { return nil }
    }

    private static var names: [(String, WritableKeyPath<Scoring, Int64>)] {
        [
            ("tags", \.tags), ("trending", \.trending), ("trendingHalf", \.trendingHalf), ("near", \.near),
            ("nearHalf", \.nearHalf), ("trust", \.trust), ("perSeller", \.perSeller), ("boughtDays", \.boughtDays),
            ("liftOrders", \.liftOrders), ("liftMost", \.liftMost),
        ]
    }

    /// Parts of a point in which is reckoned.
    static let parts: Int64 = 1_000_000

    /// Points in parts for tags and terms: all for the closest offer, others in proportion.
    func tagParts(_ closeness: Int64, of closest: Int64) -> Int64 {
        closest > 0 ? Int64(Int128(tags * Self.parts) * Int128(closeness) / Int128(closest)) : 0
    }

    /// Points in parts for that many 1,024ths of views.
    func trendingParts(_ views: Int64) -> Int64 {
        let views = min(views, 1 << 30)
        return trending * Self.parts * views / (views + trendingHalf * 1024)
    }

    func nearParts(metres: Int64) -> Int64 { near * Self.parts * nearHalf * 1000 / (nearHalf * 1000 + metres) }

    func trustParts(_ score: Int64) -> Int64 { trust * Self.parts * min(100, max(0, score)) / 100 }

    /// How many times more often two things are bought by the same users than chance would have it, in points.
    func liftParts(together: Int64, orders: Int64, others: Int64, all: Int64) -> Int64 {
        guard together > 1, orders > 0, others >= liftOrders else { return 0 }
        let lift = Int128(together) * Int128(all) * Int128(Self.parts) / (Int128(orders) * Int128(others))
        return lift > Int128(Self.parts) ? Int64(min(lift, Int128(liftMost * Self.parts))) : 0
    }
}
