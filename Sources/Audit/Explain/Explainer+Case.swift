import AgentKit
import EventLog
import JSON
import Rules

extension Explainer {
    /// Completes the verdicts of rules whose decisions lost against those of other rules on the same event.
    static func settled(_ asked: [AskedRule], in cascade: [Document]) -> [AskedRule] {
        asked.map { rule in
            // Decisions made before a cascade was aborted are not in the log.
            guard [.acted, .refused, .otherwise].contains(rule.verdict), !rule.effects.isEmpty,
                !cascade.contains(where: { $0.root["type"]?.isString("deadletter.added") == true })
            else { return rule }
            let step = cascade.filter { isCaused($0, by: rule, cascade[0]) }
            var rule = rule
            if let loss = step.first(where: { isLoss($0, of: rule) }) {
                let by = DecisionOverruled(of: loss.root)?.by
                rule.verdict = by == nil ? .contradicted : .overruled
                rule.overruledBy = by
            } else if !step.contains(where: { $0.root.text("rule") == rule.name }) {
                rule.verdict = .repeated
            }
            return rule
        }
    }

    /// Returns true for an entry caused by a rule's decisions. A retry evaluates the event of the dead letter, but is
    /// itself the cause of what follows.
    private static func isCaused(_ entry: Document, by rule: AskedRule, _ trigger: Document) -> Bool {
        let cause = EntryLinks(entry.root).cause
        return cause == rule.asked
            || (cause == trigger.root.sequence && trigger.root["type"]?.isString("deadletter.retried") == true)
    }

    private static func isLoss(_ entry: Document, of rule: AskedRule) -> Bool {
        if let overruled = DecisionOverruled(of: entry.root) { return overruled.rule == rule.name }
        return ConflictRaised(of: entry.root)?.rules.contains(rule.name) == true
    }

    /// The rule whose failure an entry of the engine reports.
    static func failed(_ entry: Document, among asked: [AskedRule]) -> AskedRule? {
        guard entry.root["rule"] == nil else { return nil }
        if let failed = AgentFailed(of: entry.root) { return asked.first { $0.name == failed.rule } }
        guard let id = AlertRaised(of: entry.root)?.alertId else { return nil }
        return asked.first { $0.verdict == .failed && id == $0.name + ":" + EntrySequence($0.asked).padded }
    }

    /// The correction that a trigger is or approves.
    func override(of trigger: Document) throws(ReplayError) -> Document? {
        if AdminOverride(of: trigger.root) != nil { return trigger }
        guard let approval = AdminOverrideApproved(of: trigger.root),
            let sequence = EntrySequence(padded: approval.override), sequence.value < trigger.root.sequence,
            let asked = try log.document(sequence.value), AdminOverride(of: asked.root) != nil
        else { return nil }
        return asked
    }

    /// The earlier entry that an administrator's correction names.
    func corrected(by override: Document?) throws(ReplayError) -> Document? {
        guard let override,
            let corrects = AdminOverride(of: override.root).flatMap({ EntrySequence(padded: $0.corrects) }),
            corrects.value < override.root.sequence
        else { return nil }
        return try log.document(corrects.value)
    }

    /// The event that a retry evaluates again, and its dead letter.
    func retried(by trigger: Document) throws(ReplayError) -> [Document] {
        guard let sequence = Self.retried(by: trigger), let original = try log.document(sequence) else { return [] }
        let letter = try log.document(sequence + 1)
        return [original] + [letter].compactMap { $0 }.filter { $0.root["type"]?.isString("deadletter.added") == true }
    }

    /// The sequence of the event that a retry evaluates again.
    static func retried(by trigger: Document) -> UInt64? {
        DeadletterRetried(of: trigger.root).flatMap { EntrySequence(padded: $0.sequence) }?.value
    }
}
