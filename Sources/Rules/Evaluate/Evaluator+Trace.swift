import AgentKit

extension Evaluator {
    /// Evaluates the parts of `when` one by one. Done after the decision, so that what a part costs changes nothing.
    private func note(_ when: Program, _ trace: RuleTrace) {
        activation.costLimit = Self.costMax
        var isDecided = false
        trace.conjuncts = when.conjuncts.indices.map { index in
            let value = when.evaluate(conjunct: index, activation)
            let verdict = Self.verdict(value)
            let isDecisive = !isDecided && verdict != .held
            if isDecisive { isDecided = true }
            return RuleTrace.Conjunct(source: when.conjuncts[index].source, verdict: verdict, isDecisive: isDecisive)
        }
    }

    /// Evaluates the lines of `refuse` one by one, up to the one that holds.
    private func note(_ refusals: [RulePlan.Refusal], _ trace: RuleTrace) {
        for refusal in refusals {
            activation.costLimit = Self.costMax
            let verdict = Self.verdict(refusal.when.evaluate(activation))
            let isDecisive = verdict != .failed
            var conjunct = RuleTrace.Conjunct(
                source: refusal.when.source, verdict: verdict, isDecisive: isDecisive, reason: refusal.reason)
            // Of a line that does not hold, a text that sets two values against each other would say what is not so.
            if let because = refusal.because, isDecisive || because.valueCount < 2 {
                activation.costLimit = Self.costMax
                conjunct.because = because.wholeText { $0.evaluate(activation) }
            }
            trace.refusals.append(conjunct)
            if isDecisive { return }
        }
    }

    private static func verdict(_ value: Value) -> RuleTrace.Verdict {
        switch value {
        case .bool(true): .held
        case .bool(false): .failed
        case .error(let error): .error(error.message)
        default: .error("is not a bool")
        }
    }

    /// Records what the rule looked at: the variables that were asked for, the row that won, the parts of `when`.
    func note(_ plan: RulePlan, _ trace: RuleTrace) {
        defer {
            if let when = plan.when { note(when, trace) }
            if !trace.conjuncts.contains(where: \.isDecisive) { note(plan.refusals, trace) }
        }
        trace.variables = plan.variables.indices.compactMap { index in
            guard let value = locals.computed(index) else { return nil }
            return Self.variable(plan.variables[index].name, plan.variables[index].source, value)
        }
        if let table = plan.table { note(table, trace) }
    }

    /// The inputs of a table that was asked, and what the row that won gives.
    private func note(_ table: TablePlan, _ trace: RuleTrace) {
        guard let row = locals.row else { return }
        activation.costLimit = Self.costMax
        trace.tableInputs = zip(table.inputNames, table.inputs).map { name, program in
            Self.variable(name, program.source, program.evaluate(activation))
        }
        guard case .won(let index) = row else { return }
        trace.tableRow = index
        trace.tableOutputs = zip(table.outputs, table.rows[index].outputs).map { name, output in
            switch output {
            case .constant(let value): Self.variable(name, "", value)
            case .program(let program): Self.variable(name, program.source, program.evaluate(activation))
            }
        }
    }

    private static func variable(_ name: String, _ source: String, _ value: Value) -> RuleTrace.Variable {
        if case .error(let error) = value {
            return RuleTrace.Variable(name: name, source: source, json: nil, error: error.message)
        }
        let json = CanonicalValue.told(value).map { String(decoding: $0, as: UTF8.self) }
        return RuleTrace.Variable(
            name: name, source: source, json: json,
            error: json == nil ? "\(ValueKind.name(value)), which JSON cannot carry" : nil)
    }
}
