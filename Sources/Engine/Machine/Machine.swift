package import AgentKit
package import EventLog
import JSON
package import Rules

/// The ledger as a deterministic machine without IO: triggers go in, entries come out. The Sequencer feeds it from the
/// socket and commits what comes out; recovery, replay, rule tests and recomputation feed it from the log or from files.
///
/// The machine itself is small. Its parts, each of which knows only those above it:
///
/// - `Entries`: the chain of entries since the last commit, and those before it.
/// - `RuleSets`: the rule set in force, those that come into force later, and the tables that they declare.
/// - `Timers`: what the clock owes next.
/// - `FactIndex`: facts that happen once.
/// - `OverrideAmounts`: what corrections of administrators move.
/// - `MachineState`: all of these with every table, and the fold of one entry into them.
/// - `CascadeWriter`: appends entries and folds them; marks a place and takes everything back to it.
/// - `Votes`, `Overrides`: what the engine itself decides.
/// - `CascadeRunner`: asks the rules about each entry until nothing follows.
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
    let state: MachineState
    let writer: CascadeWriter
    let cascades: CascadeRunner
    /// Indicates that what is played now may be taken back.
    private var isTentative = false

    /// - Parameters:
    ///   - chain: an empty chain at the head of the log.
    ///   - rules: what is done with the rule sets that the log holds.
    package init(
        settings: LedgerSettings, history: any History, store: (any TableStore)? = nil,
        index: (any AdmittedStore)? = nil, chain: EntryChain, rules: RuleSetDepth = .compiled
    ) {
        self.settings = settings
        state = MachineState(
            store: store, index: index, entries: Entries(history: history, chain: chain), rules: rules)
        writer = CascadeWriter(state)
        cascades = CascadeRunner(writer)
    }

    /// The names of all tables a machine has.
    package static let tableNames: [String] = {
        let entries = Entries(history: NoHistory(), chain: .genesis(origin: ""))
        return MachineState(store: nil, index: nil, entries: entries, rules: .onDemand).tables.tables.map(\.name)
    }()

    package var tables: TableSet { state.tables }

    /// The rule set in force; nil before the genesis.
    package var ruleSet: RuleSet? { state.ruleSets.inForce }

    /// `recordedtime` of the newest entry.
    package internal(set) var clock: Instant {
        get { state.clock }
        set { state.clock = newValue }
    }

    /// Moves the clock on to a moment, unless it is past it. What is due by then must have fired.
    package func moveClock(to time: Instant) { clock = max(clock, time) }

    /// Watches the rules while they are evaluated, for explanations.
    package var observer: (any RuleObserver)? {
        get { cascades.observer }
        set { cascades.observer = newValue }
    }

    // MARK: Entries

    /// The entries since the last commit.
    package var chain: EntryChain { state.entries.chain }

    /// The sequence the next entry gets.
    package var next: EntrySequence { state.entries.next }

    /// Indicates that the log has no entry yet.
    package var isEmpty: Bool { state.entries.isEmpty }

    /// The sequence of the newest entry that was folded; nil in an empty ledger.
    package var newest: UInt64? { isEmpty ? nil : next.value - 1 }

    /// The recorded bytes of an entry, committed or not.
    func recorded(_ sequence: EntrySequence) -> Document? { state.entries.recorded(sequence) }

    /// Hands over the entries since the last commit, which can no longer be taken back, and starts an empty chain behind
    /// them.
    package func takeChain() -> EntryChain {
        tables.journal.commit()
        writer.erasing.removeAll()
        return state.entries.take()
    }

    /// Forgets the entries handed over: the log holds them now.
    func forgetTaken() { state.entries.forgetTaken() }

    /// Goes on behind another entry: after recorded entries were replayed.
    package func resume(behind chain: EntryChain) { state.entries.resume(behind: chain) }

    // MARK: Taking back

    func mark() -> Savepoint { writer.mark() }

    func undo(to savepoint: Savepoint) { writer.undo(to: savepoint) }

    /// Makes the cascades so far irrevocable, unless they are an attempt that may be taken back.
    package func commitUndoLog() {
        if !isTentative { tables.journal.commit() }
    }

    /// Plays triggers, those of the clock included, and takes all of it back: tables, chain, clock and timers. Dry runs
    /// may lie within each other.
    /// - Throws: what `body` throws.
    package func dryRun<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        try attempt { () throws(E) in (try body(), isKept: false) }
    }

    /// Plays triggers, those of the clock included, and takes all of it back unless `body` says that it is kept.
    /// - Throws: what `body` throws, after taking all of it back.
    package func attempt<R, E: Error>(_ body: () throws(E) -> (R, isKept: Bool)) throws(E) -> R {
        let start = mark()
        let wasTentative = isTentative
        // Firing removes items from these two queues; undoing puts them back into the tables alone.
        let engine = state.engine
        let (upcoming, waitingItems) = (engine.upcoming, engine.waitingItems)
        isTentative = true
        var isKept = false
        defer {
            isTentative = wasTentative
            if !isKept {
                undo(to: start)
                engine.upcoming = upcoming
                engine.waitingItems = waitingItems
            }
        }
        let result: R
        (result, isKept) = try body()
        return result
    }

    // MARK: Reading

    /// The projection of that name; a table that the rule set in force declares goes before one of the program.
    package func projection(_ name: String) -> Projection? { state.projections.named(name) }

    /// The names of all projections, in the order the agent modules list them, and then those that the rules in force
    /// declare.
    package var projections: [String] { state.projections.names }

    /// One record of a projection in canonical JSON; nil where there is none.
    package func record(_ projection: String, _ key: String) -> [UInt8]? { state.projections.record(projection, key) }

    /// The roles that the ledger gives to a registered principal.
    package func registeredRoles(of principal: String) -> [String] { state.engine.principals[principal]?.roles ?? [] }
}
