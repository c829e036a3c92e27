package import AgentKit

/// The right to serve an area at one tier.
package struct Franchise: Row {
    package var id = ""
    /// Sub, master or corporate.
    package var tier = ""
    package var area = ""
    package var ownerId = ""
    package var parentId: String?

    package init() {}

    package static let name = "franchise"
    package static let fields: [RowField<Franchise>] = [
        .init("id", \.id), .init("tier", \.tier), .init("area", \.area), .init("ownerId", \.ownerId),
        .init("parentId", \.parentId),
    ]
}
