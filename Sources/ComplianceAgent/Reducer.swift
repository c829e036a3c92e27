package import AgentKit

/// Folds erasures, and the corrections and denials that are to be reported.
package enum ComplianceAgent: Agent {
    package static let name = "compliance"
    package static let agentClass = AgentClass.compliance

    package static func state(in tables: TableSet) -> ComplianceState { ComplianceState(in: tables) }

    package static func reduce(_ state: ComplianceState, _ fold: Fold, _ entry: Event) {
        switch fold {
        case .erasureDeferred(let event):
            let key = Erasure.key(event.requestId, event.userId)
            let isNew = !state.erasures.contains(key)
            state.erasures.upsert(key) {
                $0.requestId = event.requestId
                $0.userId = event.userId
                $0.reason = event.reason
                if isNew { $0.since = entry.recordedTime }
            }
        case .erasureCompleted(let event):
            state.erasures[Erasure.key(event.requestId, event.userId)] = nil
            state.erased.upsert(event.userId) {
                $0.requestId = event.requestId
                $0.at = entry.recordedTime
            }
        case .adminOverride(let event):
            state.overrides.upsert(entry.sequence.padded) {
                $0.by = entry.authority
                $0.corrects = event.corrects
                $0.at = entry.recordedTime
            }
        case .overrideRefused(let event):
            // An approval that is refused says nothing of what it approves.
            if ["order_differs", "expired"].contains(event.reason) { state.overrides[event.override] = nil }
        case .accessDenied(let event):
            state.denials.upsert(event.userId) {
                $0.count += 1
                $0.feature = event.feature
            }
        case .complianceReported:
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

extension ComplianceAgent {
    package static func functions(_ state: ComplianceState) -> [Function] {
        [
            Function(
                "denials",
                [
                    .init([.int], result: .dyn, cost: 1000) { arguments in
                        guard let most = arguments[0].intValue else {
                            return .failure(.invalidArgument, "a number")
                        }
                        return state.denials(most: most)
                    }
                ])
        ]
    }
}

extension ComplianceState {
    /// `{count, items}`: all persons who were denied access since the last report, and the first of them.
    fileprivate func denials(most: Int64) -> Value {
        var count: Int64 = 0
        var items: [Value] = []
        denials.forEachKey { user in
            if count < most, let denial = denials[user] {
                items.append(
                    .map(
                        MapValue([
                            ("userId", .string(user)), ("times", .int(denial.count)),
                            ("feature", .string(denial.feature)),
                        ])))
            }
            count += 1
            return true
        }
        return .map(MapValue([("count", .int(count)), ("items", .list(items))]))
    }
}
