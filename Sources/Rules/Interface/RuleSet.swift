package import AgentKit

/// What is done with the files of a rule set that is loaded. Its digest, its types and its decisions are the same.
package enum RuleSetDepth: Sendable {
    /// Every rule is compiled and checked: for a set that is to come into force, and for who writes one.
    case checked
    /// Every rule is compiled; it was checked before it came into force.
    case compiled
    /// A rule is compiled when it is first asked: for who reads what a set decided. One that cannot be compiled then fails
    /// on the event.
    case onDemand
}

/// The rules in force: parsed, checked and compiled from the files of one version.
///
/// Confined to the thread that folds and decides; `types`, `calendar`, `currencies` and `policy` are values that any
/// thread may read.
package final class RuleSet {
    /// SHA-256 in hex of the JCS form of {file name: parsed content}: comments and layout do not change it.
    package let digest: String
    /// In byte order of their names.
    package let files: [RuleFile]
    /// SHA-256 in hex of each file's bytes, by name.
    package let fileDigests: [String: String]
    /// Doubtful places that do not keep the rule set from being used.
    package let warnings: [RuleDiagnostic]
    package let types: EventTypes
    /// Every rule, in the order of agents (class, then name) and then of the file.
    package let rules: [CompiledRule]
    package let calendar: Calendar
    package let currencies: Currencies
    package let policy: Policy
    /// The sentences that people read of events.
    package let sentences: Sentences
    /// The types an override may emit beside `transfer.requested`.
    package let correctable: Set<String>
    /// Indicates that some fact is taken back where the entry that told it is refused.
    package let hasRevocableFacts: Bool
    /// The agents that are no part of the program: those whose rule files say their class.
    package let agents: [RuleHost.AgentEntry]
    /// The tables of these agents, in the order of the agents and of their files.
    package let tables: [DeclaredTable]

    let parameters: [String: [UInt8]]
    let versions: [String: String]
    private let dispatches: [RuleDispatch]
    private let scheduledByType: [[CompiledRule]]
    private let rulesByName: [String: CompiledRule]
    private let evaluator: Evaluator
    private let folder: Folder
    let foldTexts: [String: [UInt8]]

    init(_ parts: RuleSetParts, evaluator: Evaluator) {
        digest = parts.digest
        files = parts.files
        fileDigests = parts.fileDigests
        warnings = parts.warnings
        types = parts.types
        rules = parts.rules
        calendar = parts.calendar
        currencies = parts.currencies
        policy = parts.policy
        sentences = parts.sentences
        parameters = parts.parameters
        versions = parts.versions
        hasRevocableFacts = parts.types.all.contains { $0.once?.isRevocable ?? false }
        correctable = Set(parts.types.all.filter(\.isCorrectable).map(\.name))
        agents = parts.agents
        tables = parts.tables
        foldTexts = parts.foldTexts
        folder = Folder(parts.folds)
        self.evaluator = evaluator
        var byType = Array(repeating: [CompiledRule](), count: parts.types.count)
        var scheduled = byType
        for rule in parts.rules {
            for type in rule.on {
                if rule.over == nil { byType[type.index].append(rule) } else { scheduled[type.index].append(rule) }
            }
        }
        dispatches = parts.types.all.map { RuleDispatch(byType[$0.index], on: $0.name) }
        scheduledByType = scheduled
        rulesByName = Dictionary(parts.rules.map { ($0.qualifiedName, $0) }) { first, _ in first }
    }

    /// Parses, checks and compiles a rule set.
    /// - Parameters:
    ///   - depth: what is done beyond reading the files.
    ///   - isNew: true for a set that is to come into force: then names that hide others are refused, which a set that
    ///     is in force keeps when a program brings such a name.
    ///   - change: a change of each file's document, by the file's name, before anything is read of it.
    /// - Throws: `RuleSetError` with every error found.
    package static func load(
        files: [RuleFile], host: RuleHost, depth: RuleSetDepth = .checked, isNew: Bool = false,
        change: (_ file: String, _ root: YamlNode) -> YamlNode = { _, root in root }
    ) throws(RuleSetError) -> RuleSet {
        try RuleSetLoader.load(files, host, depth, isNew: isNew, change)
    }

    /// The errors of rules that were asked and could not be compiled, of a set that compiles on demand.
    package var errors: RuleSetError? {
        guard let rule = rules.first(where: \.isWrong) else { return nil }
        return RuleSetError(rule.errors.sorted())
    }

    /// The table of that name among those that rule files declare.
    package func table(named name: String) -> DeclaredTable? { tables.first { $0.name == name } }

    /// Its tables, as the rule set after it finds them.
    package var keptTables: [KeptTable] { tables.map { KeptTable(name: $0.name, shape: $0.shape) } }

    /// The first thing that keeps the rows of tables from being kept; nil where nothing does.
    package func problem(keeping kept: [KeptTable]) -> String? {
        for table in tables {
            guard let earlier = kept.first(where: { $0.name == table.name }) else { continue }
            if let problem = table.shape.problems(after: earlier.shape, of: table.name).first { return problem.message }
        }
        return nil
    }

    /// Returns true if entries of the type change a declared table.
    package func folds(_ type: EventType) -> Bool { folder.folds(type) }

    /// Folds an entry of a type that changes declared tables into them; never fails.
    package func fold(_ event: Event, _ type: EventType) { folder.fold(event, type) }

    package func eventType(named name: String) -> EventType? { types[name] }

    package var eventTypes: [EventType] { types.all }

    /// The rules to evaluate on an entry of the type, in order; those that run once a row are not among them.
    package func rules(on type: EventType) -> [CompiledRule] { dispatches[type.index].all }

    /// The rules to evaluate on entries of the type, picked by what an entry holds.
    package func dispatch(on type: EventType) -> RuleDispatch { dispatches[type.index] }

    /// The rules with `over` that a schedule's entry sets off, once a row.
    package func scheduleRules(on type: EventType) -> [CompiledRule] { scheduledByType[type.index] }

    /// The rule `agent/id`.
    package func rule(named qualifiedName: String) -> CompiledRule? { rulesByName[qualifiedName] }

    /// Evaluates one rule on a recorded entry. A rule with `over` is evaluated on the `schedule.item` of its row.
    package func evaluate(_ rule: CompiledRule, on event: Event, trace: RuleTrace? = nil) -> RuleOutcome {
        evaluator.evaluate(rule, on: event, trace: trace)
    }
}
