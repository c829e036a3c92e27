import AgentKit

/// A listing that is not decided on yet.
struct Listing: Row {
    /// The seller's number of it.
    var revision: Int64 = 0

    static let name = "listing"
    static let fields: RowFields<Listing> = [.init("revision", \.revision)]
}
