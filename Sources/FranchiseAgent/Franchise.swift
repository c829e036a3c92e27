package import AgentKit

/// The right to serve an area at one tier.
package struct Franchise: Row {
    package var id = ""
    /// Sub, master or corporate.
    package var tier = ""
    package var area = ""
    package var ownerId = ""
    package var parentId: String?
    /// The sale that is under way.
    package var saleId: String?
    /// Whether it changed hands in this ledger before.
    package var isSold = false
    /// The currencies it ever earned or was fined in, oldest first.
    package var currencies: [String] = []

    package init() {}

    package static let name = "franchise"
    package static let fields: RowFields<Franchise> = [
        .init("id", \.id), .init("tier", \.tier), .init("area", \.area), .init("ownerId", \.ownerId),
        .init("parentId", \.parentId), .init("saleId", \.saleId), .init("isSold", \.isSold),
        .init("currencies", \.currencies),
    ]
}
