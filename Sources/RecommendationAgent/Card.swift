import AgentKit

/// One recommended offer.
package struct Card: Hashable, Sendable {
    package let id: String
    package let kind: OfferKind
    /// In whole points.
    package let score: Int64

    package init(id: String, kind: OfferKind, score: Int64) {
        self.id = id
        self.kind = kind
        self.score = score
    }

    /// As rules see it.
    var celValue: Value {
        .map(
            MapValue(
                sortedKeys: [.string("id"), .string("kind"), .string("score")],
                values: [.string(id), .string(kind.rawValue), .int(score)]))
    }
}
