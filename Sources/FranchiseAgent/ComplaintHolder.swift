import AgentKit

/// The franchise that has a complaint, or had it last, and those that let it pass before.
struct ComplaintHolder: Row {
    /// Absent where the area has no franchise of the tier.
    var franchiseId: String?
    /// Counted like `PerformanceDay.day`.
    var day: Int64 = 0
    /// The tiers that let it pass.
    var passed: [ComplaintPass] = []
    /// Absent while it is open.
    var outcome: String?
    /// Whether an override rejected it, so that it counts against nobody.
    var isUnfounded = false

    static let name = "complaintHolder"
    static let fields: RowFields<ComplaintHolder> = [
        .init("franchiseId", \.franchiseId), .init("day", \.day), .init("passed", \.passed),
        .init("outcome", \.outcome), .init("isUnfounded", \.isUnfounded),
    ]

    /// Who has it now, where that is a franchise.
    var present: ComplaintPass? { franchiseId.map { ComplaintPass(franchiseId: $0, day: day) } }

    /// Those against whom it counts.
    var counted: [ComplaintPass] {
        guard !isUnfounded else { return [] }
        return outcome == "unresolved" ? passed + [present].compactMap(\.self) : passed
    }
}

/// A franchise that let a complaint pass, with the day on which the complaint came to it.
struct ComplaintPass: Row {
    var franchiseId = ""
    /// Counted like `PerformanceDay.day`.
    var day: Int64 = 0

    static let name = "complaintPass"
    static let fields: RowFields<ComplaintPass> = [.init("franchiseId", \.franchiseId), .init("day", \.day)]
}
