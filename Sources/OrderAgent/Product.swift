package import AgentKit

/// What a seller offers, with what is left of it.
package struct Product: Row {
    package var id = ""
    package var sellerId = ""
    package var title = ""
    /// Of one piece.
    package var price = Amount.zero
    package var currency = ""
    /// Pieces that are not reserved; corrections may take it below zero.
    package var stock: Int64 = 0
    package var category = ""
    package var tags: [String] = []
    package var area = ""
    /// The lowest level that buyer and seller need.
    package var requiredLevel = "free"
    /// For bringing an order to the buyer; absent where the seller does not say.
    package var deliveryFee: Amount?
    /// The seller's number of the listing, as far as one was given.
    package var revision: Int64?

    package init() {}

    package static let name = "product"
    package static let fields: RowFields<Product> = [
        .init("id", \.id), .init("sellerId", \.sellerId), .init("title", \.title), .init("price", \.price),
        .init("currency", \.currency), .init("stock", \.stock), .init("category", \.category),
        .init("tags", \.tags), .init("area", \.area), .init("requiredLevel", \.requiredLevel),
        .init("deliveryFee", \.deliveryFee), .init("revision", \.revision),
    ]
}

/// A listing that is not decided on yet.
struct Listing: Row {
    /// The seller's number of it.
    var revision: Int64 = 0

    static let name = "listing"
    static let fields: RowFields<Listing> = [.init("revision", \.revision)]
}
