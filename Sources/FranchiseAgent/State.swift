package import AgentKit

/// The tree of areas, who serves them, how well, and what they earn.
package struct FranchiseState {
    package let areas: Table<Area>
    package let franchises: Table<Franchise>
    package let sales: Table<Sale>
    /// By `FranchiseIncome.key`.
    package let income: Table<FranchiseIncome>
    let seats: Table<Seat>
    let days: Table<PerformanceDay>
    /// One row, under `LedgerDay.key`.
    let today: Table<LedgerDay>
    /// By complaint.
    let holders: Table<ComplaintHolder>
    /// By fine: who was fined, and on which day.
    let fineDays: Table<ComplaintPass>

    init(in tables: TableSet) {
        areas = tables.table("areas")
        franchises = tables.table("franchises")
        sales = tables.table("sales")
        income = tables.table("franchiseIncome")
        seats = tables.table("seats", isProjection: false)
        days = tables.table("franchiseDays", isProjection: false)
        today = tables.table("franchiseToday", isProjection: false)
        holders = tables.table("complaintHolders", isProjection: false)
        fineDays = tables.table("fineDays", isProjection: false)
    }
}
