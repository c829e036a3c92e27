import AgentKit

/// The names one rule's expressions may use at one point of it.
struct RuleScope {
    let rule: RuleSource
    var environment: Environment

    init(rule: RuleSource, environment: Environment) {
        self.rule = rule
        self.environment = environment
    }
}
