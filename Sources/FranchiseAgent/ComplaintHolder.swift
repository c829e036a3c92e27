import AgentKit

/// The franchise that has an open complaint, and since when.
struct ComplaintHolder: Row {
    /// Absent where the area has no franchise of the tier.
    var franchiseId: String?
    var since = Instant.earliest

    static let name = "complaintHolder"
    static let fields: RowFields<ComplaintHolder> = [
        .init("franchiseId", \.franchiseId), .init("since", \.since),
    ]
}
