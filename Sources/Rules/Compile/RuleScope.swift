import AgentKit

/// The names one rule's expressions may use at one point of it.
struct RuleScope {
    let rule: RuleSource
    /// The types of the entries it is asked about.
    let seen: [EventType]
    var environment: Environment

    init(rule: RuleSource, seen: [EventType], environment: Environment) {
        self.rule = rule
        self.seen = seen
        self.environment = environment
    }
}
