package import AgentKit

/// The tree of areas and who serves them.
package struct FranchiseState {
    package let areas: Table<Area>
    package let franchises: Table<Franchise>
    let seats: Table<Seat>

    init(in tables: TableSet) {
        areas = tables.table("areas")
        franchises = tables.table("franchises")
        seats = tables.table("seats", isProjection: false)
    }
}
