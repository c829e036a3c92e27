package import AgentKit

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
    /// What is doubtful but does not keep the rule set from being used.
    package let warnings: [RuleDiagnostic]
    package let types: EventTypes
    /// Every rule, in the order of agents (class, then name) and then of the file.
    package let rules: [CompiledRule]
    package let calendar: Calendar
    package let currencies: Currencies
    package let policy: Policy
    /// What people read of the events.
    package let sentences: Sentences
    /// The types an override may emit beside `transfer.requested`.
    package let correctable: Set<String>
    /// That a type's key is free again where what took it is refused.
    package let hasKeysFreedByRefusal: Bool

    let parameters: [String: [UInt8]]
    let versions: [String: String]
    private let dispatches: [RuleDispatch]
    private let scheduledByType: [[CompiledRule]]
    private let rulesByName: [String: CompiledRule]
    private let evaluator: Evaluator

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
        hasKeysFreedByRefusal = parts.types.all.contains { $0.once?.isFreedByRefusal ?? false }
        correctable = Set(parts.types.all.filter(\.isCorrectable).map(\.name))
        self.evaluator = evaluator
        var byType = Array(repeating: [CompiledRule](), count: parts.types.count)
        var scheduled = byType
        for rule in parts.rules {
            for type in rule.on {
                if rule.over == nil { byType[type.index].append(rule) } else { scheduled[type.index].append(rule) }
            }
        }
        dispatches = byType.map { RuleDispatch($0) }
        scheduledByType = scheduled
        rulesByName = Dictionary(parts.rules.map { ($0.qualifiedName, $0) }) { first, _ in first }
    }

    /// Parses, checks and compiles a rule set; throws everything wrong with it at once.
    /// - Parameter isNew: whether it is to come into force: then names that hide others are refused, which a set that is
    ///   in force keeps when a program brings such a name.
    package static func load(
        files: [RuleFile], host: RuleHost, isNew: Bool = false
    ) throws(RuleSetError) -> RuleSet {
        try RuleSetLoader.load(files, host, isNew: isNew)
    }

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
