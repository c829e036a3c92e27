package import AgentKit
import EventLog
package import JSON
import Rules

/// Another world: what would have been decided of recorded triggers under other rules, or after another history. The
/// machine stands behind the entries of that world, whose sequences are its own.
extension Machine {
    /// Derives the cascade of a producer's trigger that was recorded in another world. What is due by its time must have
    /// fired.
    /// - Parameter document: the trigger, with the sequence that it has in this world.
    /// - Returns: the reason why the ingress would not have let it in; nil where the cascade was derived.
    package func simulate(_ document: Document, _ event: Event) -> String? {
        // The clock stands where it stood in the other world, whoever moved it there.
        moveClock(to: event.recordedTime)
        if event.type == DeadletterRetried.type,
            !state.engine.deadLetters.contains(DeadletterRetried(event.data).sequence)
        {
            return "there is no such dead letter"
        }
        return derive(document, event)
    }

    /// Takes back every schedule of a rule set that stands, so that none follows the one in force.
    package func cancelSchedules(at time: Instant, by authority: String) {
        for schedule in ruleSets(at: time).standing { cancel(schedule, at: time, by: authority) }
    }

    /// Indicates that rows of a schedule wait, of which the first is that of a recorded `schedule.item` or one that came
    /// before it under the rules in force.
    package func hasItem(upTo recorded: View) -> Bool {
        guard let row = state.timers.firstItem, let ruleSet else { return false }
        let item = ScheduleItem(recorded)
        if row.rule == item.rule {
            return row.date <= item.date && !item.key.utf8.lexicographicallyPrecedes(row.key.utf8)
        }
        let name = item.rule
        guard let own = ruleSet.rules.firstIndex(where: { $0.qualifiedName == row.rule }),
            let other = ruleSet.rules.firstIndex(where: { $0.qualifiedName == name })
        else { return false }
        return own < other
    }
}
