import AgentKit
import EngineTestSupport
import RecommendationAgent

/// The recommendation agent in memory, fed with events.
final class Shop {
    let bench = AgentBench<RecommendationAgent>()
    var tables: TableSet { bench.tables }
    var state: RecommendationState { bench.state }
    var now: Instant {
        get { bench.now }
        set { bench.now = newValue }
    }

    func fold(_ type: String, _ data: String) throws { try bench.fold(type, data) }

    func list(
        _ id: String, seller: String = "U-s", tags: [String] = [], category: String = "things", stock: Int = 10,
        at place: (lat: Double, lon: Double)? = nil
    ) throws {
        let location = place.map { ",\"location\":{\"lat\":\($0.lat),\"lon\":\($0.lon)}" } ?? ""
        let tags = tags.map { "\"\($0)\"" }.joined(separator: ",")
        try fold(
            "product.recorded",
            """
            {"productId":"\(id)","sellerId":"\(seller)","title":"T","price":100,"currency":"PKR","stock":\(stock),\
            "category":"\(category)","tags":[\(tags)],"area":"a"\(location)}
            """)
    }

    func view(_ id: String, by user: String) throws {
        try fold("product.viewed", "{\"userId\":\"\(user)\",\"productId\":\"\(id)\"}")
    }

    func search(_ terms: [String], by user: String) throws {
        let terms = terms.map { "\"\($0)\"" }.joined(separator: ",")
        try fold("search.performed", "{\"searchId\":\"Q\",\"userId\":\"\(user)\",\"terms\":[\(terms)]}")
    }

    func buy(_ id: String, by user: String) throws {
        let order = "O-\(bench.sequence)"
        try fold("order.accepted", "{\"orderId\":\"\(order)\",\"buyerId\":\"\(user)\",\"productId\":\"\(id)\"}")
        try fold("order.processing", "{\"orderId\":\"\(order)\"}")
    }

    func cards(for user: String, _ limit: Int = 10, _ scoring: Scoring = Scoring()) throws -> [Card] {
        try state.recommend(user, limit, scoring, at: now)
    }

    func ids(for user: String, _ limit: Int = 10, _ scoring: Scoring = Scoring()) throws -> [String] {
        try cards(for: user, limit, scoring).map(\.id)
    }
}
