package import AgentKit

/// Folds the reports on AI services.
package enum QualityAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case scored = "quality.scored"
    }

    package static let name = "quality"
    package static let agentClass = AgentClass.standing

    package static func state(in tables: TableSet) -> QualityState { QualityState(in: tables) }

    package static func reduce(_ state: QualityState, _ fold: Fold, _ event: Event) {
        let data = event.data
        switch fold {
        case .scored:
            state.quality.upsert(data.text("serviceId")) {
                $0.mean = data.integer("mean")
                $0.reports = data.integer("reports")
            }
        }
    }
}
