import JSON
package import Rules

/// What a rule looked at in a test that failed.
package struct RuleTestEvaluation: Sendable {
    package let rule: String
    /// The type of the entry it was asked about.
    package let type: String
    /// What it made of it: `decided`, `refused: <condition>`, `did not hold: <condition>`, `failed: <code>`.
    package let verdict: String
    package let variables: [RuleTrace.Variable]

    init(_ rule: CompiledRule, type: String, _ outcome: RuleOutcome, _ trace: RuleTrace) {
        self.rule = rule.qualifiedName
        self.type = type
        variables = trace.variables
        let decisive = trace.conjuncts.first(where: \.isDecisive)?.source
        switch outcome {
        case .silent: verdict = "did not hold: " + (decisive ?? "")
        case .decided(let decisions) where decisions.refusal != nil:
            verdict = "refused: " + (trace.refusals.last?.source ?? "")
        case .decided(let decisions):
            verdict = decisions.isOtherwise ? "decided otherwise: " + (decisive ?? "") + " did not hold" : "decided"
        case .failed(let code, _):
            verdict = "failed: " + code.rawValue + (trace.failure.map { ": " + $0.message } ?? "")
        }
    }

    /// The rule, its verdict, and each variable with its value.
    package var lines: [String] {
        let values = variables.map { "    \($0.name) = \($0.json ?? "error: " + ($0.error ?? ""))" }
        return (["\(rule) on \(type) \(verdict)"] + values).map(VisibleText.line)
    }
}
