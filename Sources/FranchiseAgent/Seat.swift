import AgentKit

/// The franchises registered for one area and tier, oldest first: the first one serves it.
struct Seat: Row {
    var franchiseIds: [String] = []

    static let name = "seat"
    static let fields: RowFields<Seat> = [.init("franchiseIds", \.franchiseIds)]

    /// Areas hold no `/`.
    static func key(_ area: String, _ tier: String) -> String { area + "/" + tier }
}
