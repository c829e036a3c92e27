import AgentKit
import Engine
import Rules

/// Notes every rule that is asked while a cascade is played again.
final class ExplanationWatch: RuleObserver {
    private(set) var asked: [AskedRule] = []

    func evaluated(_ rule: CompiledRule, on event: Event, _ outcome: RuleOutcome, _ trace: RuleTrace) {
        asked.append(AskedRule(rule, on: event, outcome, trace))
    }
}
