package import AgentKit

/// Folds AI services, requests and licenses.
package enum MarketplaceAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case registered = "service.registered"
    }

    package static let name = "marketplace"
    package static let agentClass = AgentClass.standing

    package static func state(in tables: TableSet) -> MarketplaceState { MarketplaceState(in: tables) }

    package static func reduce(_ state: MarketplaceState, _ fold: Fold, _ event: Event) {
        let data = event.data
        switch fold {
        case .registered:
            state.services.upsert(data.text("serviceId")) {
                $0.providerId = data.text("providerId")
                $0.isAvailable = data["available"]?.bool ?? false
            }
        }
    }
}
