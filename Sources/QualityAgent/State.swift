package import AgentKit

/// The reported quality of each service.
package struct QualityState {
    package let quality: Table<Quality>

    init(in tables: TableSet) {
        quality = tables.table("quality")
    }
}

/// The quality of a service, by the reports since it was last restored.
package struct Quality: Row {
    package var id = ""
    /// The mean of `scores`, rounded down.
    package var mean: Int64 = 0
    package var reports: Int64 = 0
    /// The last scores, oldest first, at most `scoresMax`.
    package var scores: [Int64] = []
    /// The users who gave them, in the same order.
    package var reporters: [String] = []
    /// The sum of `scores`.
    package var sum: Int64 = 0
    package var isSuspended = false
    /// The number of times it was suspended.
    package var suspensions: Int64 = 0

    package init() {}

    /// Reports whose scores are kept.
    static let scoresMax = 20

    package static let name = "quality"
    package static let fields: RowFields<Quality> = [
        .init("id", \.id), .init("mean", \.mean), .init("reports", \.reports), .init("scores", \.scores),
        .init("reporters", \.reporters), .init("sum", \.sum), .init("isSuspended", \.isSuspended),
        .init("suspensions", \.suspensions),
    ]
}
