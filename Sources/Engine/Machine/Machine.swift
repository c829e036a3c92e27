package import AgentKit
package import EventLog
import JSON
package import Rules

/// The ledger as a deterministic machine without IO: triggers go in, entries come out. The Sequencer feeds it from the
/// socket and commits what comes out; recovery, replay, rule tests and recomputation feed it from the log or from files.
package final class Machine {
    /// Decisions that may follow one from another in a cascade.
    package static let cascadeDepthMax = 32
    /// Entries of a cascade, the trigger included.
    package static let cascadeEntriesMax = 4096
    /// Raised with any change of meaning in reducers, functions, CEL or cascade.
    package static let engineNumber: Int64 = 2
    /// The first engine whose rules this program can load.
    package static let engineNumberLeast: Int64 = 2

    package let settings: LedgerSettings
    package let tables: TableSet
    /// The rule set in force; nil before the genesis.
    package private(set) var ruleSet: RuleSet?
    /// The entries since the last commit.
    package private(set) var chain: EntryChain
    /// Entries that were handed over and may not be in the log yet.
    private var taken: EntryChain?
    /// `recordedtime` of the newest entry.
    package internal(set) var clock = Instant.earliest
    /// Watches the rules while they are evaluated, for explanations.
    package var observer: (any RuleObserver)?

    let rooms: Rooms
    let state: EngineState
    let records: RecordStore
    let admitted: AdmittedEvents
    let history: any History
    var encoder = EntryEncoder()
    /// By the index of the event type.
    private(set) var handling: [TypeHandling] = []
    /// Rule sets that come into force later, as far as they are loaded, by digest.
    var waiting: [String: RuleSet] = [:]
    var queue: [CascadeStep] = []
    /// Indicates that what is played now will be taken back.
    var isTentative = false
    /// Entries since the last commit that erase a person.
    var erasing: [EntrySequence] = []
    /// The recorded entry that is being folded again; nil while new ones are appended.
    var replaying: EntrySequence?
    /// The schedule that fires next, once it has been worked out.
    var upcomingSchedule: ScheduleDue?

    /// - Parameter chain: an empty chain at the head of the log.
    package init(
        settings: LedgerSettings, history: any History, store: (any TableStore)? = nil,
        index: (any AdmittedStore)? = nil, chain: EntryChain
    ) {
        self.settings = settings
        self.history = history
        self.chain = chain
        tables = TableSet(store: store)
        state = EngineState(in: tables)
        rooms = Rooms(in: tables)
        records = RecordStore(in: tables)
        admitted = AdmittedEvents(store: index)
    }

    /// The names of all tables a machine has.
    package static let tableNames: [String] = {
        let tables = TableSet()
        _ = EngineState(in: tables)
        _ = Rooms(in: tables)
        _ = RecordStore(in: tables)
        return tables.tables.map(\.name)
    }()

    /// The sequence the next entry gets.
    package var next: EntrySequence { EntrySequence(chain.base + UInt64(chain.count)) }

    /// The recorded bytes of an entry, committed or not.
    func recorded(_ sequence: EntrySequence) -> Document? {
        guard sequence.value >= chain.base else {
            guard let taken, sequence.value >= taken.base else { return history.entry(sequence) }
            return Self.entry(Int(sequence.value - taken.base), of: taken)
        }
        return Self.entry(Int(sequence.value - chain.base), of: chain)
    }

    private static func entry(_ index: Int, of chain: EntryChain) -> Document? {
        guard index < chain.count else { return nil }
        return unsafe chain.withEntry(index) { bytes in try? unsafe Document(canonical: bytes) }
    }

    /// Hands over the entries since the last commit, which can no longer be taken back, and starts an empty chain behind
    /// them.
    package func takeChain() -> EntryChain {
        tables.journal.keep()
        let taken = chain
        chain = taken.successor()
        self.taken = taken
        return taken
    }

    /// The entries handed over are in the log now.
    func forgetTaken() { taken = nil }

    /// Goes on behind another entry: after recorded entries were replayed.
    package func resume(behind chain: EntryChain) { self.chain = chain }

    /// Puts a rule set in force: its types decide from now on who folds what.
    package func adopt(_ ruleSet: RuleSet) {
        indexFacts(of: ruleSet)
        reshapeTables(for: ruleSet)
        put(inForce: ruleSet)
    }

    private func put(inForce ruleSet: RuleSet) {
        self.ruleSet = ruleSet
        upcomingSchedule = nil
        bindTables(of: ruleSet)
        rooms.prepare(for: ruleSet.eventTypes)
        handling = ruleSet.eventTypes.map { TypeHandling($0, in: ruleSet, isFolded: rooms.folds($0)) }
    }

    /// Everything that this machine offers to the rules of a rule set.
    package var ruleHost: RuleHost { ruleHost(keeping: []) }

    /// - Parameter kept: the declared tables whose rows the rule set will find.
    package func ruleHost(keeping kept: [KeptTable]) -> RuleHost {
        var host = RuleHost(
            projections: tables.tables, functions: rooms.functions,
            agents: Rooms.agents.map { RuleHost.AgentEntry(name: $0.name, agentClass: $0.class) },
            readings: Rooms.readings,
            digest: EntryChain.digest)
        host.kept = kept
        return host
    }

    // MARK: Appending

    /// Appends the entry that the encoder just laid out, folds it and queues its rules.
    func appendEncoded(type: EventType, depth: Int, time: Instant) {
        let sequence = next
        unsafe encoder.writer.withBytes { bytes in
            unsafe chain.append(bytes)
            clock = time
            guard handling[type.index].isRead else { return }
            guard let document = try? unsafe Document(canonical: bytes) else {
                preconditionFailure("the engine encoded an entry that is not canonical")
            }
            take(Event(document, sequence: sequence, type: type.name, recordedTime: time), type, depth: depth)
        }
    }

    /// Appends a producer's entry whose holes are filled.
    func append(_ bytes: [UInt8], type: EventType, time: Instant) {
        let sequence = next
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe chain.append(bytes)
            guard let document = try? unsafe Document(canonical: bytes) else {
                preconditionFailure("the ingress passed an event that is not canonical")
            }
            take(Event(document, sequence: sequence, type: type.name, recordedTime: time), type, depth: 0)
        }
    }

    private func take(_ event: Event, _ type: EventType, depth: Int) {
        let earlier = reduce(event, type)
        let handling = handling[type.index]
        if handling.isErasure { erasing.append(event.sequence) }
        guard !handling.rules.all.isEmpty || handling.reaction != nil || handling.isScheduleItem || earlier != nil
        else { return }
        queue.append(CascadeStep(event: event, type: type, depth: depth, earlier: earlier))
    }

    /// Folds one entry into every state that wants it, unless an earlier one told the same fact.
    /// - Returns: that earlier entry.
    @discardableResult
    func reduce(_ event: Event, _ type: EventType) -> EntrySequence? {
        clock = event.recordedTime
        if let once = handling[type.index].once, let earlier = claim(once, for: event, type) { return earlier }
        if handling[type.index].isFreeing, let ruleSet { free(whatIsRefusedBy: event, types: ruleSet) }
        if handling[type.index].isOverride { note(override: event) }
        if let fold = handling[type.index].engineFold {
            state.reduce(EngineFold(fold, event.data), event)
            if let schedule = handling[type.index].schedule { enqueueItems(of: event, schedule) }
        }
        rooms.reduce(event, type)
        if handling[type.index].isFoldedByRules { ruleSet?.fold(event, type) }
        return nil
    }

    // MARK: Taking back

    /// A place to which the machine can be taken back.
    struct Mark {
        let journal: Journal.Mark
        let count: Int
        let clock: Instant
        let admitted: Int
        let ruleSet: RuleSet?
        let waiting: [String: RuleSet]
    }

    func mark() -> Mark {
        Mark(
            journal: tables.journal.mark(), count: chain.count, clock: clock, admitted: admitted.count,
            ruleSet: ruleSet, waiting: waiting)
    }

    func undo(to mark: Mark) {
        tables.journal.undo(to: mark.journal)
        chain.truncate(to: mark.count)
        erasing.removeAll { $0 >= next }
        clock = mark.clock
        upcomingSchedule = nil
        admitted.forget(from: mark.admitted)
        queue.removeAll(keepingCapacity: true)
        state.nextRuleSetFrom = .earliest
        waiting = mark.waiting
        if let before = mark.ruleSet, before !== ruleSet { put(inForce: before) }
    }
}
