import AgentKit
import Engine
import EventLog
import JSON
import Rules

/// Whether the rules, asked again about the same trigger in the same state, gave what the log says.
package struct Recomputation: Sendable, Hashable {
    /// The entries of the cascade as recorded, the trigger included.
    package let entries: Int
    /// The first entry that is not byte for byte what the rules give; nil where all are.
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
    /// Plays the trigger at the present position again, and takes it back.
    /// - Returns: the entries that the rules give, the trigger included; empty where there is nothing to play.
    func rederive(_ trigger: Document, recorder: RuleRecorder) throws(ReplayError) -> [[UInt8]] {
        guard
            let before = position == 0 ? nil : try reading({ () throws(EventLogError) in try log.entry(position - 1) })
        else { return [] }
        machine.resume(behind: .behind(before, at: position - 1))
        machine.observer = recorder
        defer {
            machine.observer = nil
            machine.resume(behind: log.nextChain)
        }
        return machine.rehearse {
            let isPlayed = isClock(trigger) ? fire(trigger) : machine.append(recorded: trigger) != nil
            guard isPlayed else { return [] }
            let chain = machine.chain
            return (0..<chain.count).map { index in unsafe chain.withEntry(index) { unsafe [UInt8]($0) } }
        }
    }

    private func isClock(_ trigger: Document) -> Bool { trigger.root["source"]?.isString("/clock") == true }

    /// Lets the clock do what it did: the trigger itself is derived too.
    private func fire(_ trigger: Document) -> Bool {
        if trigger.root["type"]?.isString("schedule.item") == true { return machine.fireNextItem() != nil }
        guard let time = trigger.root.instant("recordedtime") else { return false }
        return machine.fireNext(by: time) != nil
    }

    /// Makes the ledger's first entries again, in a machine of its own, from the rule set they hold.
    static func rederiveGenesis(_ log: EventLog) throws(ReplayError) -> [[UInt8]] {
        let replay = try Replay(log)
        while replay.ruleSet == nil, replay.position < log.size { try replay.fold(until: replay.position + 1) }
        guard let ruleSet = replay.ruleSet, let first = try log.document(0)?.root.instant("recordedtime") else {
            return []
        }
        let machine = Machine(
            settings: replay.machine.settings, history: NoHistory(), chain: .genesis(origin: log.origin))
        do throws(RuleSetError) {
            machine.begin(with: try RuleSet.load(files: ruleSet.files, host: machine.ruleHost), at: first)
        } catch {
            throw ReplayError(error, at: replay.position - 1)
        }
        return (0..<machine.chain.count).map { index in
            unsafe machine.chain.withEntry(index) { unsafe [UInt8]($0) }
        }
    }
}

/// Notes every rule that is asked while a cascade is played again.
final class RuleRecorder: RuleObserver {
    private(set) var asked: [AskedRule] = []

    func evaluated(_ rule: CompiledRule, on event: Event, _ outcome: RuleOutcome, _ trace: RuleTrace) {
        asked.append(AskedRule(rule, on: event, outcome, trace))
    }
}
