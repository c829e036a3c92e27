import AgentKit
import RecommendationAgent

/// The recommendation agent in memory, fed with events.
final class Shop {
    let tables = TableSet()
    let state: RecommendationState
    var now = Instant(milliseconds: 1_708_000_000_000)
    private var sequence: UInt64 = 0

    init() { state = RecommendationAgent.state(in: tables) }

    func fold(_ type: String, _ data: String) throws {
        var writer = CanonicalWriter(capacity: 256)
        writer.value(try Document.parse(Array("{\"data\":\(data)}".utf8)).root)
        sequence += 1
        let event = Event(
            try Document(adopting: writer.bytes), sequence: EntrySequence(sequence), type: type,
            recordedTime: now)
        guard let fold = RecommendationAgent.Fold(event) else { throw NotFolded(type: type) }
        RecommendationAgent.reduce(state, fold, event)
    }

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
        let order = "O-\(sequence)"
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

struct NotFolded: Error { let type: String }
