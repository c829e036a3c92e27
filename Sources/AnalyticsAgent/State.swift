package import AgentKit

/// The reports issued.
package struct AnalyticsState {
    package let reports: Table<Report>

    init(in tables: TableSet) {
        reports = tables.table("reports")
    }
}
