import AgentKit

/// What a card shows.
package enum OfferKind: String, RowValue, CaseIterable, Sendable {
    case product
    case service

    /// The key under which an offer of this kind is kept: products and services may have the same ids.
    package func key(_ id: String) -> String { rawValue + "/" + id }
}
