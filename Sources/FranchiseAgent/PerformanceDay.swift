import AgentKit

/// What counts for a franchise's rating on one day (UTC). A franchise has `slots` of these rows: a day takes the place of
/// the one that many days before.
struct PerformanceDay: Row {
    /// Days since 1970-01-01.
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

    /// Days that are kept.
    static let slots: Int64 = 32

    static func day(of time: Instant) -> Int64 { time.milliseconds.floorDivided(by: 86_400_000) }

    static func key(_ franchiseId: String, day: Int64) -> String {
        franchiseId + "/" + String(day - day.floorDivided(by: slots) * slots)
    }
}
