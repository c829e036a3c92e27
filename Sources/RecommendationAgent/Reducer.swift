package import AgentKit

/// Folds what users look for, see and buy.
package enum RecommendationAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case preferencesSet = "preferences.set"
    }

    package static let name = "recommendation"
    package static let agentClass = AgentClass.recommendation

    package static func state(in tables: TableSet) -> RecommendationState { RecommendationState(in: tables) }

    package static func reduce(_ state: RecommendationState, _ fold: Fold, _ event: Event) {
        let data = event.data
        switch fold {
        case .preferencesSet:
            state.preferences.upsert(data.text("userId")) {
                $0.userId = data.text("userId")
            }
        }
    }
}
