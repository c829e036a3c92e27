import AgentKit

/// The names one rule's expressions may use at one point of it.
struct RuleScope {
    let rule: RuleSource
    /// The types of the entries it is asked about.
    let seen: [EventType]
    var environment: Environment
    /// What is known of the texts that expressions can be.
    var texts: TextCheck?

    init(rule: RuleSource, seen: [EventType], environment: Environment) {
        self.rule = rule
        self.seen = seen
        self.environment = environment
    }
}
