package import AgentKit

/// Folds what has to be watched and erased.
package enum ComplianceAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case deferred = "erasure.deferred"
    }

    package static let name = "compliance"
    package static let agentClass = AgentClass.compliance

    package static func state(in tables: TableSet) -> ComplianceState { ComplianceState(in: tables) }

    package static func reduce(_ state: ComplianceState, _ fold: Fold, _ event: Event) {
        let data = event.data
        switch fold {
        case .deferred:
            state.erasures.upsert(data.text("requestId")) {
                $0.userId = data.text("userId")
            }
        }
    }
}
