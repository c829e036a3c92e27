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
            try append(
                DecisionOverruledData(
                    agent: rule.agent, by: winner, claim: claim, data: emission.data, rule: rule.qualifiedName,
                    type: emission.type.name),
                step: step, head: head, first: first)
        }
    }

    /// Rules of one class that contradict each other: an administrator is asked.
    func raiseConflict(
        claim: String, rules: [String], step: Step, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        try append(ConflictRaisedData(claim: claim, rules: rules), step: step, head: head, first: first)
    }
}
