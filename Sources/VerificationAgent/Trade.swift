package import AgentKit

/// An order or a service request between its acceptance and its end.
package struct Trade: Row {
    /// Where its money is held: `escrow` or `service`.
    package var holder = "escrow"
    package var buyerId = ""
    /// Of a service its provider, where that is known.
    package var sellerId: String?
    /// Who brings the goods, once they are on their way.
    package var riderId: String?
    package var currency = ""
    package var since = Instant.earliest
    package var hasOpenComplaint = false
    /// Whether its complaint ended with a part going back, after which the order goes on.
    package var isPartlyRefunded = false

    package init() {}

    package static let name = "trade"
    package static let fields: RowFields<Trade> = [
        .init("holder", \.holder), .init("buyerId", \.buyerId), .init("sellerId", \.sellerId),
        .init("riderId", \.riderId),
        .init("currency", \.currency), .init("since", \.since), .init("hasOpenComplaint", \.hasOpenComplaint),
        .init("isPartlyRefunded", \.isPartlyRefunded),
    ]

    /// An order and a service request may have the same id.
    static func key(order id: String) -> String { "escrow/" + id }

    static func key(service id: String) -> String { "service/" + id }
}
