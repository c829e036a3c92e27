import AgentKit

/// The day a complaint was opened against a seller, and whether it counts: a rejected one does not.
struct CountedComplaint: Row {
    var sellerId = ""
    var day: Int64 = 0
    var counts = true

    static let name = "countedComplaint"
    static let fields: RowFields<CountedComplaint> = [
        .init("sellerId", \.sellerId), .init("day", \.day), .init("counts", \.counts),
    ]
}
