package import AgentKit

/// The erasures that wait and those done, and the contents of the next weekly report. Confined to the thread that folds
/// and decides; functions of rules, which run there too, hold it.
package struct ComplianceState: @unchecked Sendable {
    /// Erasures that wait for something to end, by request and person.
    package let erasures: Table<Erasure>
    /// Persons whose data was erased.
    package let erased: Table<ErasedPerson>
    /// The administrator's corrections since the last report, by sequence.
    package let overrides: Table<Correction>
    /// Persons who were denied access since the last report.
    let denials: Table<Denial>

    init(in tables: TableSet) {
        erasures = tables.table("erasures")
        erased = tables.table("erased")
        overrides = tables.table("overrides")
        denials = tables.table("denials", isProjection: false)
    }
}

/// A request for erasure that waits.
package struct Erasure: Row {
    package var requestId = ""
    package var userId = ""
    /// The kind of thing it waits for: order, complaint or debt.
    package var reason = ""
    package var since = Instant.earliest

    package init() {}

    package static let name = "erasure"
    package static let fields: RowFields<Erasure> = [
        .init("requestId", \.requestId), .init("userId", \.userId), .init("reason", \.reason), .init("since", \.since),
    ]

    /// The key of a waiting erasure: two persons under one request's id are two.
    static func key(_ requestId: String, _ userId: String) -> String { requestId + "/" + userId }
}

/// A person whose key is destroyed, or is to be destroyed at once.
package struct ErasedPerson: Row {
    package var requestId = ""
    package var at = Instant.earliest

    package init() {}

    package static let name = "erasedPerson"
    package static let fields: RowFields<ErasedPerson> = [.init("requestId", \.requestId), .init("at", \.at)]
}

/// An administrator's override.
package struct Correction: Row {
    package var by = ""
    /// The entry it corrects.
    package var corrects = ""
    package var at = Instant.earliest

    package init() {}

    package static let name = "correction"
    package static let fields: RowFields<Correction> = [
        .init("by", \.by), .init("corrects", \.corrects), .init("at", \.at),
    ]
}

/// The number of times a person was denied access, and the feature last denied.
struct Denial: Row {
    var count: Int64 = 0
    var feature = ""

    static let name = "denial"
    static let fields: RowFields<Denial> = [.init("count", \.count), .init("feature", \.feature)]
}
