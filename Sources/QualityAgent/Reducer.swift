package import AgentKit

/// Folds the reports on AI services, and the decisions that followed.
package enum QualityAgent: Agent {
    package static let name = "quality"
    package static let agentClass = AgentClass.standing

    package static func state(in tables: TableSet) -> QualityState { QualityState(in: tables) }

    package static func reduce(_ state: QualityState, _ fold: Fold, _ entry: Event) {
        switch fold {
        case .qualityScored(let event):
            state.quality.upsert(event.serviceId) {
                $0.id = event.serviceId
                $0.add(event)
            }
        case .serviceSuspended(let event):
            state.quality.upsert(event.serviceId) {
                $0.id = event.serviceId
                $0.isSuspended = true
                $0.suspensions = event.count
            }
        case .serviceRestored(let event): state.quality.update(event.serviceId) { $0.restore() }
        }
    }
}

extension Quality {
    fileprivate mutating func add(_ event: QualityScored) {
        if scores.count == Self.scoresMax { sum -= scores.removeFirst() }
        if reporters.count == Self.scoresMax { reporters.removeFirst() }
        scores.append(event.score)
        reporters.append(event.userId)
        sum += event.score
        mean = event.mean
        reports = event.reports
    }

    /// Forgets the earlier reports: else the next one would suspend the service again.
    fileprivate mutating func restore() {
        isSuspended = false
        mean = 0
        reports = 0
        scores = []
        reporters = []
        sum = 0
    }
}
