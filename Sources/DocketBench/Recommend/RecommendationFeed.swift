import AgentKit
import JSON
import RecommendationAgent

/// The recommendation agent's tables alone, fed with a history's events as the log would hold them.
final class RecommendationFeed {
    let state: RecommendationState
    private let tables = TableSet()
    private var sequence: UInt64 = 0
    private var writer = CanonicalWriter(capacity: 1024)

    init() { state = RecommendationAgent.state(in: tables) }

    static func user(_ user: Int) -> String { "U-\(user)" }
    static func product(_ item: Int) -> String { "P-\(item)" }

    /// The number of a card's product.
    static func item(of card: Card) -> Int? { Int(card.id.dropFirst(2)) }

    func list(_ item: Int, _ offer: ProductOffer, at time: Instant) {
        fold("product.recorded", at: time) { writer in
            writer.key("category")
            writer.string(offer.category)
            if let place = offer.place { Self.write(place, to: &writer) }
            writer.key("price")
            writer.int(1000)
            writer.key("productId")
            writer.string(Self.product(item))
            writer.key("sellerId")
            writer.string("S-\(offer.seller)")
            writer.key("stock")
            writer.int(1_000_000)
            writer.key("tags")
            writer.list(offer.tags) { $1.string($0) }
        }
    }

    func start(_ user: Int, _ place: (latitude: Double, longitude: Double)?, at time: Instant) {
        fold("session.started", at: time) { writer in
            if let place { Self.write(place, to: &writer) }
            writer.key("userId")
            writer.string(Self.user(user))
        }
    }

    func view(_ interaction: Interaction, at time: Instant) {
        fold("product.viewed", at: time) { writer in
            writer.key("productId")
            writer.string(Self.product(interaction.item))
            writer.key("userId")
            writer.string(Self.user(interaction.user))
        }
    }

    func order(_ interaction: Interaction, at time: Instant) {
        let order = "O-\(sequence)"
        fold("order.accepted", at: time) { writer in
            writer.key("buyerId")
            writer.string(Self.user(interaction.user))
            writer.key("orderId")
            writer.string(order)
            writer.key("productId")
            writer.string(Self.product(interaction.item))
        }
        fold("order.processing", at: time) { writer in
            writer.key("orderId")
            writer.string(order)
        }
    }

    private func fold(_ type: String, at time: Instant, _ body: (inout CanonicalWriter) -> Void) {
        writer.removeAll()
        writer.beginObject()
        writer.key("data")
        writer.beginObject()
        body(&writer)
        writer.endObject()
        writer.endObject()
        guard let document = unsafe try? writer.withBytes({ unsafe try Document(canonical: $0) }) else {
            preconditionFailure("an event that is not canonical")
        }
        sequence += 1
        let event = Event(document, sequence: EntrySequence(sequence), type: type, recordedTime: time)
        guard let fold = RecommendationAgent.Fold(event) else { preconditionFailure("`\(type)` is not folded") }
        RecommendationAgent.reduce(state, fold, event)
    }

    private static func write(
        _ place: (latitude: Double, longitude: Double), to writer: inout CanonicalWriter
    ) {
        writer.key("location")
        writer.beginObject()
        writer.key("lat")
        try? writer.double(place.latitude)
        writer.key("lon")
        try? writer.double(place.longitude)
        writer.endObject()
    }
}
