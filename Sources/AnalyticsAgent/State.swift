package import AgentKit

/// Running counters, and the figures of the periods that ended last.
package struct AnalyticsState {
    /// By period: `day`, `week`, `month`.
    package let reports: Table<Report>
    package let counters: Table<Counter>
    package let periods: Table<PresentPeriods>
    package let tallies: Table<Tally>
    package let leaders: Table<Leaders>
    package let orders: Table<OrderTrace>
    package let complaints: Table<ComplaintTrace>
    package let levels: Table<UserLevel>

    init(in tables: TableSet) {
        reports = tables.table("reports")
        counters = tables.table("counters", isProjection: false)
        periods = tables.table("presentPeriods", isProjection: false)
        tallies = tables.table("tallies", isProjection: false)
        leaders = tables.table("leaders", isProjection: false)
        orders = tables.table("orderTraces", isProjection: false)
        complaints = tables.table("complaintTraces", isProjection: false)
        levels = tables.table("userLevels", isProjection: false)
    }
}
