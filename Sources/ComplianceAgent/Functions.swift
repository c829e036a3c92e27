package import AgentKit

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
