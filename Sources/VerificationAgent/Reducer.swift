package import AgentKit

/// Folds registrations and the decisions on levels and trust.
package enum VerificationAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case registered = "user.registered"
        case approved = "verification.approved"
        case levelChanged = "level.changed"
        case levelExpired = "level.expired"
        case trustChanged = "trust.changed"
    }

    package static let name = "verification"
    package static let agentClass = AgentClass.standing

    package static func state(in tables: TableSet) -> VerificationState { VerificationState(in: tables) }

    package static func reduce(_ state: VerificationState, _ fold: Fold, _ event: Event) {
        let data = event.data
        let id = data.text("userId")
        switch fold {
        case .registered:
            let isNew = !state.users.contains(id)
            state.users.upsert(id) { $0.register(data, at: isNew ? event.recordedTime : $0.registeredAt) }
        case .approved:
            state.users.update(id) {
                $0.isKnown = true
                $0.isExpired = false
                $0.validUntil = data.instant("validUntil")
            }
        case .levelChanged: state.users.update(id) { $0.level = data.text("to") }
        case .levelExpired: state.users.update(id) { $0.isExpired = true }
        case .trustChanged: state.users.update(id) { $0.trustScore = data.integer("to") }
        }
    }
}

extension User {
    /// Registering again updates the entry; level and trust stay where the event does not name them.
    fileprivate mutating func register(_ data: View, at time: Instant) {
        id = data.text("userId")
        role = data.text("role")
        area = data.text("area")
        referredBy = data["referredBy"]?.string
        tags = data.texts("tags")
        registeredAt = time
        if let given = data["level"]?.string { level = given }
        if let given = data["trustScore"]?.int { trustScore = given }
    }
}
