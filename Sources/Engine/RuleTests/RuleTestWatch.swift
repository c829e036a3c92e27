import AgentKit
import Rules

/// Counts coverage, and keeps what rules looked at while a test's own steps are played.
final class RuleTestWatch: RuleObserver {
    var coverage: RuleCoverage
    /// Whether evaluations are kept; coverage is counted in any case.
    var keepsEvaluations = false
    private(set) var evaluations: [RuleTestEvaluation] = []

    init(_ ruleSet: RuleSet) { coverage = RuleCoverage(ruleSet) }

    func evaluated(_ rule: CompiledRule, on event: Event, _ outcome: RuleOutcome, _ trace: RuleTrace) {
        coverage.record(rule, outcome, trace)
        if keepsEvaluations { evaluations.append(RuleTestEvaluation(rule, type: event.type, outcome, trace)) }
    }

    func forget() { evaluations.removeAll() }
}
