import AgentKit

extension Evaluator {
    /// Evaluates the parts of `when` one by one. Done after the decision, so that what a part costs changes nothing.
    private func note(_ when: Program, _ trace: RuleTrace) {
        activation.costLimit = Self.costMax
        var isDecided = false
        trace.conjuncts = when.conjuncts.indices.map { index in
            let value = when.evaluate(conjunct: index, activation)
            let verdict: RuleTrace.Verdict =
                switch value {
                case .bool(true): .held
                case .bool(false): .failed
                case .error(let error): .error(error.message)
                default: .error("is no bool")
                }
            let isDecisive = !isDecided && verdict != .held
            if isDecisive { isDecided = true }
            return RuleTrace.Conjunct(source: when.conjuncts[index].source, verdict: verdict, isDecisive: isDecisive)
        }
    }

    /// What the rule looked at: the variables something asked for, the row that won, the parts of `when`.
    func note(_ plan: RulePlan, _ trace: RuleTrace) {
        defer { if let when = plan.when { note(when, trace) } }
        if case .won(let row) = locals.row { trace.tableRow = row }
        trace.variables = plan.variables.indices.compactMap { index in
            guard let value = locals.computed(index) else { return nil }
            let variable = plan.variables[index]
            if case .error(let error) = value {
                return RuleTrace.Variable(name: variable.name, source: variable.source, json: nil, error: error.message)
            }
            let json = CanonicalValue.bytes(of: value).map { String(decoding: $0, as: UTF8.self) }
            return RuleTrace.Variable(
                name: variable.name, source: variable.source, json: json,
                error: json == nil ? "\(ValueKind.name(value)), which JSON cannot carry" : nil)
        }
    }
}
