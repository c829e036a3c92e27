import AgentKit
import Engine
import EventLog
import JSON
import Rules

/// One step of a simulated world, in order; ranges are those of its own sequences.
enum SimulatedStep: Sendable {
    /// The cascade of a recorded trigger of a producer.
    case trigger(recorded: UInt64, Range<UInt64>)
    /// A recorded trigger that the ingress would not have let in.
    case notAdmitted(recorded: UInt64, why: String)
    /// A recorded trigger that never came.
    case removed(recorded: UInt64)
    /// What the clock gave.
    case firing(Range<UInt64>)
    /// A change of the rule set.
    case engine(Range<UInt64>)
    /// The cascade of an event that the log has not.
    case added(Range<UInt64>)
}

/// Entries of a simulated world that were derived together, and how.
struct SimulatedChunk: Sendable {
    let chain: EntryChain
    let steps: [SimulatedStep]
}

/// A second world: a machine that is given recorded triggers, and decides under other rules or after another history.
final class SimulatedWorld {
    let entries: SimulatedEntries
    let machine: Machine
    let log: EventLog
    let request: SimulationRequest
    private let added: [UInt64: [SimulationRequest.AddedEvents]]
    /// The sources and ids of added events, which recorded ones cannot have once more.
    let addedIDs: Set<String>
    /// Those of them that this world has.
    var presentIDs: Set<String> = []
    /// Knows the entries of this world for those of the log, while nothing is being compared.
    private(set) weak var comparison: WorldComparison?
    var steps: [SimulatedStep] = []
    /// The parts of rule files that the log recorded since its last activation, by digest.
    var recordedFiles: [String: [UInt8]] = [:]

    init(_ log: EventLog, _ entries: SimulatedEntries, _ request: SimulationRequest) throws {
        self.log = log
        self.entries = entries
        self.request = request
        added = Dictionary(grouping: request.with) { $0.sequence }
        addedIDs = Set(request.with.flatMap { $0.events.map { Self.identity($0.event.root) } })
        machine = Machine(
            settings: try Replay.settings(of: log), history: entries, chain: .unhashed(from: entries.base))
    }

    /// Asks a comparison for the entries of this world.
    func ask(_ comparison: WorldComparison) { self.comparison = comparison }

    /// The entry of this world for one of the log; nil where it has none, or where both are not compared yet.
    func simulated(of recorded: UInt64) -> UInt64? {
        comparison.map { $0.map.simulated(of: recorded) } ?? recorded
    }

    /// Indicates that rule sets which the log put in force are passed over.
    var hasOwnRules: Bool { request.rules != nil }

    /// The number of derived entries that are not handed over yet.
    var pending: Int { machine.chain.count }

    /// Hands over what was derived since the last call; nil if that is nothing.
    /// - Throws: `storage` where the entries cannot be kept.
    func takeChunk() throws(ReplayError) -> SimulatedChunk? {
        guard !steps.isEmpty else { return nil }
        let chain = machine.takeChain()
        try entries.append(chain)
        defer { steps = [] }
        return SimulatedChunk(chain: chain, steps: steps)
    }

    // MARK: The beginning

    /// Folds the log as it is recorded up to where this world begins.
    func fold(to end: UInt64, isAbandoned: () -> Bool, progress: ((UInt64) -> Void)?) throws(ReplayError) {
        var failure: ReplayError?
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: 0, to: end) { sequence, bytes in
                guard let document = try? unsafe Document(canonical: bytes) else {
                    failure = ReplayError(.damaged, sequence: sequence, "cannot be read")
                    return false
                }
                if isAdded(document.root) { presentIDs.insert(Self.identity(document.root)) }
                do throws(RuleSetError) {
                    try machine.replay(document, isForAppending: false)
                } catch {
                    failure = ReplayError(error, at: sequence)
                }
                if sequence & 0xFFF == 0 {
                    progress?(sequence)
                    if isAbandoned() { failure = ReplayError(.abandoned, "nobody waits for it any more") }
                }
                return failure == nil
            }
        }
        if let failure { throw failure }
        machine.commitUndoLog()
    }

    /// Puts the given rules in force.
    /// - Throws: `RuleSetError` where they are in error.
    func begin() throws {
        guard let files = request.rules else { return try machine.loadScheduled() }
        let host = machine.isEmpty ? machine.ruleHost : machine.ruleHost(keeping: machine.keptTables(at: machine.clock))
        let ruleSet = try RuleSet.load(files: files, host: host)
        let first = machine.next.value
        if machine.isEmpty {
            let time = try log.document(0)?.root.instant("recordedtime") ?? .earliest
            machine.begin(with: ruleSet, at: time)
        } else {
            machine.cancelSchedules(at: machine.clock, by: Self.authority)
            machine.activate(ruleSet, at: machine.clock, by: Self.authority, effectiveFrom: nil)
        }
        machine.commitUndoLog()
        noteEngine(from: first)
    }

    private static let authority = "simulation"

    /// Notes the cascades of the ledger itself that were derived from a sequence on.
    func noteEngine(from first: UInt64) {
        var start = first
        for sequence in first..<machine.next.value where sequence > start && !isDecision(sequence) {
            steps.append(.engine(start..<sequence))
            start = sequence
        }
        if start < machine.next.value { steps.append(.engine(start..<machine.next.value)) }
    }

    private func isDecision(_ sequence: UInt64) -> Bool { document(sequence)?.root["agent"] != nil }

    /// An entry that was derived and not handed over yet.
    func document(_ sequence: UInt64) -> Document? {
        let chain = machine.chain
        guard sequence >= chain.base, sequence - chain.base < UInt64(chain.count) else { return nil }
        return unsafe chain.withEntry(Int(sequence - chain.base)) { try? unsafe Document(canonical: $0) }
    }

    // MARK: Playing

    /// Derives what follows from a recorded trigger in this world.
    /// - Throws: `SimulationError` where an added event is refused, `RuleSetError`, `ReplayError`.
    func play(_ cascade: RecordedCascade) throws {
        for events in added[cascade.first] ?? [] { try add(events, before: cascade.time) }
        switch cascade.origin {
        case .producer: playTrigger(cascade)
        case .clock: fire(upTo: cascade)
        case .item: fireItems(upTo: cascade)
        case .engine: if !hasOwnRules { try playEngine(cascade) }
        }
    }

    private func playTrigger(_ cascade: RecordedCascade) {
        guard !request.without.contains(cascade.first) else {
            return steps.append(.removed(recorded: cascade.first))
        }
        let isAdded = isAdded(cascade.trigger.root)
        if isAdded, presentIDs.contains(Self.identity(cascade.trigger.root)) {
            return steps.append(.notAdmitted(recorded: cascade.first, why: "an added event has its source and id"))
        }
        fire(by: cascade.time)
        guard let trigger = moved(cascade), let event = Event(trigger) else {
            return steps.append(.notAdmitted(recorded: cascade.first, why: "it cannot be read"))
        }
        let first = machine.next.value
        if let refusal = machine.simulate(trigger, event) {
            steps.append(.notAdmitted(recorded: cascade.first, why: refusal))
        } else {
            machine.commitUndoLog()
            if isAdded { presentIDs.insert(Self.identity(cascade.trigger.root)) }
            steps.append(.trigger(recorded: cascade.first, first..<machine.next.value))
        }
    }

    /// Fires everything that this world's clock owes by a time.
    func fire(by time: Instant) {
        while let cascade = machine.fireNext(by: time) { note(cascade) }
    }

    private func note(_ cascade: Cascade) {
        machine.commitUndoLog()
        steps.append(.firing(cascade.first.value..<cascade.first.value + UInt64(cascade.count)))
    }

    /// Fires what is owed by the time of a recorded firing, up to that one.
    private func fire(upTo recorded: RecordedCascade) {
        while let cascade = machine.fireNext(by: recorded.time) {
            // Sequences in their keys may be others here, and which is not known before both are compared.
            let isSame = document(cascade.first.value).map {
                FiringName($0.root, { _ in nil }) == FiringName(recorded.trigger.root, { _ in nil })
            }
            note(cascade)
            if isSame == true { return }
        }
    }

    /// Fires waiting rows up to a recorded one: requests may overtake them, and here do as they did.
    private func fireItems(upTo recorded: RecordedCascade) {
        guard let data = moved(recorded)?.root["data"] else { return }
        while machine.hasItem(upTo: data), let cascade = machine.fireNextItem() { note(cascade) }
    }
}

/// What tells a firing of the clock, or a change of the ledger itself, from others.
struct FiringName: Hashable {
    let name: String
    /// The same but for the time at which a timer was due.
    let looseName: String

    /// - Parameter other: the sequence in place of one that a key is made of; nil where there is none.
    init(_ entry: View, _ other: (UInt64) -> UInt64? = { $0 }) {
        let type = entry.text("type")
        guard let data = entry["data"] else {
            (name, looseName) = (type, type)
            return
        }
        let members: [StaticString] =
            switch type {
            case "timer.fired": ["agent", "name", "key"]
            case "schedule.item": ["schedule", "rule", "key", "date"]
            case "ruleset.file.added": ["digest", "part"]
            case "ruleset.activated": ["digest"]
            default: ["date"]
            }
        let parts = members.map { SequenceText.replacing(Self.text(data[$0]), by: other) }
        looseName = ([type] + parts).joined(separator: "\n")
        name = looseName + "\n" + Self.text(data["due"])
    }

    private static func text(_ value: View?) -> String { value?.string ?? value?.int.map { String($0) } ?? "" }
}
