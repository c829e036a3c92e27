package import AgentKit

/// The erasures that wait and those done, and what the next weekly report will name. It stays with the thread that folds
/// and decides; functions of rules, which run there too, carry it.
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
