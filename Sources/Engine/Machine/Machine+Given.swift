package import AgentKit
import EventLog
package import JSON
package import Rules

/// Single cascades, each derived from rows that a store gives for it, whatever came before.
extension Machine {
    /// The reason why a cascade was not derived.
    package enum NotDerived: Error, Hashable {
        /// It is none that is derived alone: it changes the rules.
        case ruleSets
        /// The trigger would not have been there.
        case refused(String)
    }

    /// Forgets every row, so that the store is asked again, and goes on behind an entry under the rule set in force there.
    /// - Returns: false where the machine has another rule set, so that a new one must be made.
    /// - Throws: where the rule set cannot be loaded.
    package func restart(behind entry: Document, at sequence: EntrySequence) throws(RuleSetError) -> Bool {
        dropChain()
        for table in tables.tables { table.reset() }
        resume(behind: .behind(entry.bytes, at: sequence.value))
        state.engine.upcoming.reset()
        state.engine.waitingItems.reset()
        state.engine.nextRuleSetFrom = .earliest
        state.ruleSets.waiting = [:]
        state.timers.forgetSchedule()
        clock = entry.root.instant("recordedtime") ?? .earliest
        guard let digest = activeRuleSet else { return true }
        if let ruleSet {
            guard ruleSet.digest == digest else { return false }
            adopt(ruleSet)
        } else {
            adopt(try load(digest))
        }
        return true
    }

    /// Derives the cascade of a recorded trigger upon the rows of the store.
    /// - Returns: its entries, the trigger's own first.
    package func deriveOne(_ trigger: Document) throws(NotDerived) -> [[UInt8]] {
        guard let event = Event(trigger), event.agent == nil else { throw .refused("it is no trigger") }
        guard event.source != "/engine", ruleSet != nil,
            !state.engine.standingSchedules().contains(where: { $0.from <= event.recordedTime })
        else { throw .ruleSets }
        if event.source == "/clock" {
            guard isNextTimerSet, deriveFiring(event.type, by: event.recordedTime) else {
                throw .refused("the clock owed nothing then")
            }
        } else if let reason = derive(trigger, event) {
            throw .refused(reason)
        }
        commitUndoLog()
        return (0..<chain.count).map { index in unsafe chain.withEntry(index) { unsafe [UInt8]($0) } }
    }

    /// Returns false if the first place in the order of due times names a timer that there is none of, as only rows from
    /// elsewhere can.
    private var isNextTimerSet: Bool {
        guard let place = state.engine.upcoming.next(in: state.engine.due) else { return true }
        return state.engine.due[place.key].map { state.engine.timers.contains($0.timer) } ?? false
    }

    /// The rows that changed since the restart, in stored form; nil where one was removed. They can be asked for once.
    package func takeChanges() -> [RowName: [UInt8]?] {
        var changes: [RowName: [UInt8]?] = [:]
        for table in tables.tables where table.changedCount > 0 {
            let changed = table.rotate()
            for (key, value) in changed.encoded() { changes[RowName(table: table.name, key: key)] = .some(value) }
        }
        return changes
    }
}
