package import AgentKit

/// Folds the reports on AI services, and what followed from them.
package enum QualityAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case scored = "quality.scored"
        case suspended = "service.suspended"
        case restored = "service.restored"
    }

    package static let name = "quality"
    package static let agentClass = AgentClass.standing

    package static func state(in tables: TableSet) -> QualityState { QualityState(in: tables) }

    package static func reduce(_ state: QualityState, _ fold: Fold, _ event: Event) {
        let data = event.data
        let id = data.text("serviceId")
        switch fold {
        case .scored:
            state.quality.upsert(id) {
                $0.id = id
                $0.add(data)
            }
        case .suspended:
            state.quality.upsert(id) {
                $0.id = id
                $0.isSuspended = true
                $0.suspensions = data.integer("count")
            }
        case .restored: state.quality.update(id) { $0.restore() }
        }
    }
}

extension Quality {
    fileprivate mutating func add(_ data: View) {
        if scores.count == Self.scoresMax { sum -= scores.removeFirst() }
        scores.append(data.integer("score"))
        sum += data.integer("score")
        mean = data.integer("mean")
        reports = data.integer("reports")
    }

    /// What was reported before is forgotten: else the next report would suspend the service again.
    fileprivate mutating func restore() {
        isSuspended = false
        mean = 0
        reports = 0
        scores = []
        sum = 0
    }
}
