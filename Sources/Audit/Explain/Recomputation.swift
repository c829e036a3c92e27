import AgentKit
import Engine
import EventLog
import JSON
import Rules

/// Comparison of a recorded cascade with what the rules give for the same trigger in the same state.
package struct Recomputation: Sendable, Hashable {
    /// The number of recorded entries, including the trigger.
    package let entries: Int
    /// The first entry that differs from what the rules give; nil if all are equal byte for byte.
    package let firstDifference: UInt64?

    package var isSame: Bool { firstDifference == nil }

    init(recorded: [Document], derived: [[UInt8]], first: UInt64) {
        entries = recorded.count
        let common = zip(recorded, derived).prefix { pair in
            unsafe pair.0.withBytes { bytes in unsafe bytes.elementsEqual(pair.1) }
        }.count
        firstDifference = common == recorded.count && common == derived.count ? nil : first + UInt64(common)
    }
}

extension Replay {
    /// Evaluates the trigger at the present position again, in a dry run.
    /// - Parameter other: rules to put in force before it instead of those that were.
    /// - Returns: the entries that the rules give, including the trigger; empty if there is nothing to evaluate.
    /// - Throws: `ReplayError` if the log cannot be read, or a rule that is asked cannot be compiled.
    func rederive(
        _ trigger: Document, under other: RuleSet? = nil, recorder: RuleRecorder
    ) throws(ReplayError) -> [[UInt8]] {
        guard
            let before = position == 0 ? nil : try reading({ () throws(EventLogError) in try log.entry(position - 1) })
        else { return [] }
        machine.resume(behind: .behind(before, at: position - 1))
        machine.observer = recorder
        defer {
            machine.observer = nil
            machine.resume(behind: log.nextChain)
        }
        func play() -> [[UInt8]] {
            let isPlayed = isClock(trigger) ? fire(trigger) : machine.append(recorded: trigger) != nil
            guard isPlayed else { return [] }
            let chain = machine.chain
            return (0..<chain.count).map { index in unsafe chain.withEntry(index) { unsafe [UInt8]($0) } }
        }
        let derived: [[UInt8]]
        if let other {
            let time = trigger.root.instant("recordedtime") ?? machine.clock
            derived = machine.dryRun(under: other, at: time, play)
        } else {
            derived = machine.dryRun(play)
        }
        if let errors = (other ?? machine.ruleSet)?.errors {
            throw ReplayError(other == nil ? .ruleSet : .unknownRules, "rules cannot be loaded: \(errors)")
        }
        return derived
    }

    private func isClock(_ trigger: Document) -> Bool { trigger.root["source"]?.isString("/clock") == true }

    /// Fires the timer or schedule again, so that the trigger itself is derived too.
    private func fire(_ trigger: Document) -> Bool {
        if trigger.root["type"]?.isString("schedule.item") == true { return machine.fireNextItem() != nil }
        guard let time = trigger.root.instant("recordedtime") else { return false }
        return machine.fireNext(by: time) != nil
    }

    /// Derives the ledger's first entries again, in a machine of its own, from the rule set they hold.
    /// - Throws: `ReplayError` if the log cannot be read or the rule set cannot be loaded.
    static func rederiveGenesis(_ log: EventLog) throws(ReplayError) -> [[UInt8]] {
        let replay = try Replay(log)
        while replay.ruleSet == nil, replay.position < log.size { try replay.fold(until: replay.position + 1) }
        guard let ruleSet = replay.ruleSet, let first = try log.document(0)?.root.instant("recordedtime") else {
            return []
        }
        let machine = Machine(
            settings: replay.machine.settings, history: NoHistory(), chain: .genesis(origin: log.origin))
        do throws(RuleSetError) {
            let again = try RuleSet.load(files: ruleSet.files, host: machine.ruleHost, depth: .onDemand)
            machine.begin(with: again, at: first)
        } catch {
            throw ReplayError(error, at: replay.position - 1)
        }
        return (0..<machine.chain.count).map { index in
            unsafe machine.chain.withEntry(index) { unsafe [UInt8]($0) }
        }
    }
}

/// Records every rule that is evaluated while a trigger is played again.
final class RuleRecorder: RuleObserver {
    private(set) var asked: [AskedRule] = []
    private let amounts: (String) -> AmountMembers

    /// - Parameter amounts: the members of a projection's records that are amounts.
    init(amounts: @escaping (String) -> AmountMembers) { self.amounts = amounts }

    func evaluated(_ rule: CompiledRule, on event: Event, _ outcome: RuleOutcome, _ trace: RuleTrace) {
        asked.append(AskedRule(rule, on: event, outcome, trace, amounts: amounts))
    }
}
