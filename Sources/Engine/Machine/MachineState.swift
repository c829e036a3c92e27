import AgentKit
import JSON
import Rules

/// Everything that a machine remembers, and the fold of one entry into it. Folding never fails and decides nothing.
final class MachineState {
    let tables: TableSet
    let entries: Entries
    let engine: EngineState
    let agentModules: AgentModules
    let records: RecordStore
    let admitted: AdmittedEvents
    let ruleSets: RuleSets
    let projections: Projections
    let timers: Timers
    let facts: FactIndex
    let overrides: OverrideAmounts
    /// `recordedtime` of the newest entry.
    var clock = Instant.earliest
    /// The recorded entry that is being folded again; nil while new ones are appended.
    var replaying: EntrySequence?

    init(store: (any TableStore)?, index: (any AdmittedStore)?, entries: Entries, rules: RuleSetDepth) {
        self.entries = entries
        tables = TableSet(store: store)
        engine = EngineState(in: tables)
        agentModules = AgentModules(in: tables)
        records = RecordStore(in: tables)
        admitted = AdmittedEvents(store: index)
        ruleSets = RuleSets(
            depth: rules, entries: entries, engine: engine, agentModules: agentModules, tables: tables,
            records: records)
        projections = Projections(tables: tables, ruleSets: ruleSets)
        timers = Timers(engine: engine, ruleSets: ruleSets)
        facts = FactIndex(entries: entries, engine: engine)
        overrides = OverrideAmounts(engine: engine, ruleSets: ruleSets, projections: projections)
    }

    /// Folds one entry into every state that wants it, unless an earlier one told the same fact.
    /// - Returns: that earlier entry.
    @discardableResult
    func reduce(_ event: Event, _ type: EventType) -> EntrySequence? {
        clock = event.recordedTime
        let index = type.index
        if let once = ruleSets.handling[index].once, let earlier = facts.claim(once, for: event, type) {
            return earlier
        }
        if ruleSets.handling[index].isFreeing, let ruleSet = ruleSets.inForce {
            facts.free(refusedBy: event, types: ruleSet)
        }
        if ruleSets.handling[index].isOverride { overrides.note(event) }
        if let fold = ruleSets.handling[index].engineFold {
            engine.reduce(EngineFold(fold, event.data), event)
            if let schedule = ruleSets.handling[index].schedule {
                timers.enqueueItems(of: event, schedule, projections)
            }
        }
        agentModules.reduce(event, type)
        if ruleSets.handling[index].isFoldedByRules { ruleSets.inForce?.fold(event, type) }
        return nil
    }

    /// Notes the newest entry of a subject.
    func note(_ sequence: EntrySequence, of subject: String?) {
        if let subject { engine.subjects[subject] = SubjectRow(last: sequence) }
    }

    // MARK: Admitted events

    /// Enters a producer's event that is already recorded into the index.
    func admit(_ event: Event) {
        guard event.agent == nil else { return }
        let source = event.source
        guard source != "/clock", source != "/engine" else { return }
        admit(hash: IdentifierHash.of(source: source, id: event.id), event.sequence)
        note(event.sequence, of: event.subject)
    }

    func admit(hash: UInt64, _ sequence: EntrySequence) {
        var hash = hash
        while let taken = admitted.sequence(of: hash) {
            if taken == sequence.value { return }
            hash &+= 1
        }
        admitted.insert(hash, sequence.value)
    }

    // MARK: Rule sets

    /// Puts a rule set in force: its types decide from now on who folds what.
    func adopt(_ ruleSet: RuleSet) {
        facts.index(for: ruleSet, after: ruleSets.inForce, upTo: replaying ?? entries.next)
        ruleSets.declared.reshape(for: ruleSet)
        put(inForce: ruleSet)
    }

    /// Puts a rule set in force whose tables and facts are there already.
    func put(inForce ruleSet: RuleSet) {
        ruleSets.put(inForce: ruleSet)
        timers.forgetSchedule()
    }

    /// Puts in force what comes into force by `time`: an entry of that time is about to be recorded.
    func adoptDue(by time: Instant) {
        guard let digest = ruleSets.foldDue(by: time) else { return }
        adopt(ruleSets.scheduled(digest))
        ruleSets.forgetLoaded()
    }
}
