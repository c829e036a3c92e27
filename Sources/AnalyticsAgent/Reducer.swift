package import AgentKit

/// Folds the running counters of reports.
package enum AnalyticsAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case issued = "report.issued"
    }

    package static let name = "analytics"
    package static let agentClass = AgentClass.analytics

    package static func state(in tables: TableSet) -> AnalyticsState { AnalyticsState(in: tables) }

    package static func reduce(_ state: AnalyticsState, _ fold: Fold, _ event: Event) {
        let data = event.data
        switch fold {
        case .issued:
            state.reports.upsert(data.text("period")) {
                $0.date = data.text("date")
            }
        }
    }
}
