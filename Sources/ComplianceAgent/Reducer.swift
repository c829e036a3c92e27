package import AgentKit

/// Folds what has to be erased and reported.
package enum ComplianceAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case deferred = "erasure.deferred"
        case completed = "erasure.completed"
        case overridden = "admin.override"
        case denied = "access.denied"
        case reported = "compliance.reported"
    }

    package static let name = "compliance"
    package static let agentClass = AgentClass.compliance

    package static func state(in tables: TableSet) -> ComplianceState { ComplianceState(in: tables) }

    package static func reduce(_ state: ComplianceState, _ fold: Fold, _ event: Event) {
        let data = event.data
        switch fold {
        case .deferred:
            let key = Erasure.key(data.text("requestId"), data.text("userId"))
            let isNew = !state.erasures.contains(key)
            state.erasures.upsert(key) {
                $0.requestId = data.text("requestId")
                $0.userId = data.text("userId")
                $0.reason = data.text("reason")
                if isNew { $0.since = event.recordedTime }
            }
        case .completed:
            state.erasures[Erasure.key(data.text("requestId"), data.text("userId"))] = nil
            state.erased.upsert(data.text("userId")) {
                $0.requestId = data.text("requestId")
                $0.at = event.recordedTime
            }
        case .overridden:
            state.overrides.upsert(event.sequence.padded) {
                $0.by = event.document.root["authid"]?.string ?? ""
                $0.corrects = data.text("corrects")
                $0.at = event.recordedTime
            }
        case .denied:
            state.denials.upsert(data.text("userId")) {
                $0.count += 1
                $0.feature = data.text("feature")
            }
        case .reported:
            state.overrides.removeAll()
            state.denials.removeAll()
        }
    }
}

extension Table {
    fileprivate func removeAll() {
        var keys: [String] = []
        forEachKey { key in
            keys.append(key)
            return true
        }
        for key in keys { self[key] = nil }
    }
}
