import AgentKit
import JSON
import Rules

extension Machine {
    /// One `decision.overruled` for each decision of the rule that lost; its timers never exist.
    func overrule(
        _ outcome: RuleOutcome, of rule: CompiledRule, by winner: String, claim: String, step: Step,
        head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        guard case .decided(let decisions) = outcome else { return }
        for emission in decisions.emissions {
            try engineDecision("decision.overruled", step: step, head: head, first: first) { writer in
                writer.key("agent")
                writer.string(rule.agent)
                writer.key("by")
                writer.string(winner)
                writer.key("claim")
                writer.string(claim)
                writer.key("data")
                unsafe emission.data.withUnsafeBytes { unsafe writer.raw($0) }
                writer.key("rule")
                writer.string(rule.qualifiedName)
                writer.key("type")
                writer.string(emission.type.name)
            }
        }
    }

    /// Rules of one class that contradict each other: an administrator is asked.
    func raiseConflict(
        claim: String, rules: [String], step: Step, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        try engineDecision("conflict.raised", step: step, head: head, first: first) { writer in
            writer.key("claim")
            writer.string(claim)
            writer.key("rules")
            writer.beginArray()
            for rule in rules { writer.string(rule) }
            writer.endArray()
        }
    }
}
