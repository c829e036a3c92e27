import AgentKit

/// What counts for a franchise's rating on one day, from midnight to midnight. A franchise has `slots` of these rows: a
/// day takes the place of the one that many days before.
struct PerformanceDay: Row {
    /// Counted like `LedgerDay.number`.
    var day: Int64 = 0
    var orders: Int64 = 0
    /// Complaints that came to it.
    var complaints: Int64 = 0
    /// Those of them that it let pass.
    var unresolved: Int64 = 0
    var fines: Int64 = 0

    static let name = "performanceDay"
    static let fields: RowFields<PerformanceDay> = [
        .init("day", \.day), .init("orders", \.orders), .init("complaints", \.complaints),
        .init("unresolved", \.unresolved), .init("fines", \.fines),
    ]

    /// Days that are kept, the one under way among them.
    static let slots: Int64 = 32

    static func key(_ franchiseId: String, day: Int64) -> String {
        franchiseId + "/" + String(day - day.floorDivided(by: slots) * slots)
    }
}
