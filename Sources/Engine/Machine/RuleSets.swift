import AgentKit
import EventLog
import JSON
import Rules

/// The rule set in force, and those that come into force later.
///
/// A rule set is recorded as its files and an activation, which puts it in force at once or names a time ahead: a
/// schedule. Schedules that stand come into force with the first entry recorded at their time or later, in their order,
/// on the live ledger as in a replay (`foldDue`). Until then their rule sets are kept loaded in `waiting`.
final class RuleSets {
    /// The rule set in force; nil before the genesis.
    private(set) var inForce: RuleSet?
    /// The treatment of each entry, by the index of its type.
    private(set) var handling: [TypeHandling] = []
    /// Rule sets that come into force later, as far as they are loaded, by digest.
    var waiting: [String: RuleSet] = [:]
    let declared: DeclaredTables

    private let depth: RuleSetDepth
    private let entries: Entries
    private let engine: EngineState
    private let agentModules: AgentModules
    private let tables: TableSet

    /// - Parameter depth: what is done with the rule sets that the log holds.
    init(
        depth: RuleSetDepth, entries: Entries, engine: EngineState, agentModules: AgentModules, tables: TableSet,
        records: RecordStore
    ) {
        self.depth = depth
        self.entries = entries
        self.engine = engine
        self.agentModules = agentModules
        self.tables = tables
        declared = DeclaredTables(engine: engine, records: records)
    }

    /// Puts a rule set in force: its types decide from now on who folds what.
    func put(inForce ruleSet: RuleSet) {
        inForce = ruleSet
        declared.bind(ruleSet)
        agentModules.prepare(for: ruleSet.eventTypes)
        handling = ruleSet.eventTypes.map { TypeHandling($0, in: ruleSet, isFolded: agentModules.folds($0)) }
    }

    /// Everything that the ledger offers to the rules of a rule set.
    /// - Parameter kept: the declared tables whose rows the rule set will find.
    func host(keeping kept: [KeptTable] = []) -> RuleHost {
        var host = RuleHost(
            projections: tables.tables, functions: agentModules.functions,
            agents: AgentModules.agents.map { RuleHost.AgentEntry(name: $0.name, agentClass: $0.class) },
            readings: AgentModules.readings,
            digest: EntryChain.digest)
        host.kept = kept
        return host
    }

    // MARK: Coming into force

    /// Folds that rule sets came into force by `time`, one after the other.
    /// - Returns: the last of them; nil where none did.
    func foldDue(by time: Instant) -> String? {
        guard time >= engine.nextRuleSetFrom else { return nil }
        let due = engine.standingSchedules().prefix { $0.from <= time }
        for schedule in due { engine.putInForce(schedule) }
        return due.last?.digest
    }

    /// The rule set that decides on what is recorded at `time`, which is not before the clock.
    /// - Parameter cancelled: a schedule that is not to count.
    func ruleSet(at time: Instant, without cancelled: EntrySequence? = nil) -> RuleSet? {
        guard time >= engine.nextRuleSetFrom,
            let digest = engine.standingSchedules().last(where: { $0.from <= time && $0.activated != cancelled })?
                .digest
        else { return inForce }
        return digest == inForce?.digest ? inForce : scheduled(digest)
    }

    /// The rule sets that come into force later, in order.
    var upcoming: [(from: Instant, ruleSet: RuleSet)] {
        engine.standingSchedules().map { ($0.from, scheduled($0.digest)) }
    }

    /// The reason why the rule set that comes into force next after `time` could not use these tables; nil if it can.
    /// - Parameter cancelled: a schedule that is not to count.
    func problem(keeping kept: [KeptTable], after time: Instant, without cancelled: EntrySequence? = nil) -> String? {
        guard let next = engine.standingSchedules().first(where: { $0.from > time && $0.activated != cancelled }),
            let problem = ruleSet(at: next.from, without: cancelled)?.problem(keeping: kept)
        else { return nil }
        return "the rule set that comes into force at \(next.from.text) could not follow: \(problem)"
    }

    // MARK: Loading

    /// Loads what comes into force later.
    /// - Throws: where a rule set is in error, as one may be that another version of this program recorded.
    func loadUpcoming() throws(RuleSetError) {
        for schedule in engine.standingSchedules() where waiting[schedule.digest] == nil {
            waiting[schedule.digest] = try load(schedule.digest)
        }
    }

    /// The rule set of a schedule that stands.
    func scheduled(_ digest: String) -> RuleSet {
        if let known = waiting[digest] { return known }
        guard let ruleSet = try? load(digest) else {
            Notice.end(
                "the log holds no rule set `\(digest)`, which the views schedule; remove `views` and start again")
        }
        waiting[digest] = ruleSet
        return ruleSet
    }

    /// Forgets the loaded rule sets whose schedules no longer stand.
    func forgetLoaded() {
        let standing = Set(engine.standingSchedules().map(\.digest))
        waiting = waiting.filter { standing.contains($0.key) }
    }

    /// Loads a rule set from the files that the log holds.
    func load(_ digest: String) throws(RuleSetError) -> RuleSet {
        if let activated = engine.ruleSets[digest]?.activated,
            let number = entries.recorded(activated)?.root["data"]?["engine"]?.int, number < Machine.engineNumberLeast
        {
            throw RuleSetError([
                RuleDiagnostic(
                    file: "", line: 0, column: 0,
                    message: "this log's rules are of engine \(number); "
                        + "this program reads \(Machine.engineNumberLeast) and later")
            ])
        }
        guard let files = files(of: digest) else {
            throw RuleSetError([
                RuleDiagnostic(file: "", line: 0, column: 0, message: "the log lacks a file of rule set `\(digest)`")
            ])
        }
        return try RuleSet.load(files: files, host: host(), depth: depth)
    }

    /// The files of a rule set that the log holds, as they were written; nil where it holds no such set.
    func files(of digest: String) -> [RuleFile]? {
        guard let row = engine.ruleSets[digest] else { return nil }
        var files: [RuleFile] = []
        for (name, digest) in row.files.sorted(by: { $0.key < $1.key }) {
            guard let text = text(ofFile: digest) else { return nil }
            files.append(RuleFile(name: name, text: text))
        }
        return files
    }

    /// The text of a rule file that the log holds; nil where it lacks a part.
    func text(ofFile digest: String) -> [UInt8]? {
        guard let parts = engine.ruleFiles[digest]?.parts else { return nil }
        var text: [UInt8] = []
        for part in parts {
            guard let data = entries.recorded(part)?.root["data"] else { return nil }
            text.append(contentsOf: RulesetFileAdded(data).content.utf8)
        }
        return text
    }

    /// The digest of the rule set that the folded entries put in force.
    var active: String? { engine.engine[EngineState.only]?.ruleSet }
}
