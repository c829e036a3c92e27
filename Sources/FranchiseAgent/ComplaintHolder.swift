import AgentKit

/// The franchise that has an open complaint, and the day on which it came.
struct ComplaintHolder: Row {
    /// Absent where the area has no franchise of the tier.
    var franchiseId: String?
    /// Counted like `PerformanceDay.day`.
    var day: Int64 = 0

    static let name = "complaintHolder"
    static let fields: RowFields<ComplaintHolder> = [
        .init("franchiseId", \.franchiseId), .init("day", \.day),
    ]
}
