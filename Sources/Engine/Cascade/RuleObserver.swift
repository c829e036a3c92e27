package import AgentKit
package import Rules

/// Sees every rule as it is evaluated, with what it looked at.
package protocol RuleObserver: AnyObject {
    func evaluated(_ rule: CompiledRule, on event: Event, _ outcome: RuleOutcome, _ trace: RuleTrace)
}
