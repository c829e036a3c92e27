import AgentKit

/// Loads a rule set: reads its files, collects event types, compiles rules; goes on after errors to report them all.
///
/// The rule compiler works in four passes, each with its own types:
///
/// 1. Parse (`Yaml`): `YamlReader` makes `YamlNode`s with places; `MappingReader` reads the keys that a `KeyTable` of
///    `Schema` allows. The result is source, its expressions still text: `AgentSource`, `RuleSource`, `TableSource`,
///    `StateSource`, `ExpressionText`.
/// 2. Declare (`Types`, `Tables`): `EventTypesBuilder` gives every event type its schema and index, `StateCompiler`
///    every declared table; `RuleEnvironment` gives every name a slot that is the same in all rules.
/// 3. Compile: `RuleCompiler` makes a `RulePlan` of each rule, with `ExpressionCompiler` for CEL, `DataCompiler` for
///    the data of decisions against their types, `TableCompiler` for decision tables; `FoldCompiler` compiles folds.
/// 4. Check (`Check`): what has types and still cannot be meant: texts that never match, reasons that no rule gives,
///    timers that nothing schedules, table rows that never win.
///
/// Errors and warnings are noted in the `SourceFile` where they stand, and a function that fails returns nil after
/// that: so one load reports everything. `Evaluate` then runs plans: `RuleDispatch` picks the rules that can hold by
/// their `RuleGuard`s, `Evaluator` evaluates one in an activation that is made once, `ValueWriter` writes its
/// decisions.
struct RuleSetLoader {
    private static let settings = [CalendarFile.name, CurrenciesFile.name, PolicyFile.name]

    private let host: RuleHost
    private let depth: RuleSetDepth
    private let files: [RuleFile]
    private let sources: [SourceFile]
    private var parts = RuleSetParts()

    private init(_ files: [RuleFile], _ host: RuleHost, _ depth: RuleSetDepth) {
        self.host = host
        self.depth = depth
        self.files = files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        sources = self.files.map(SourceFile.init)
    }

    static func load(
        _ files: [RuleFile], _ host: RuleHost, _ depth: RuleSetDepth, isNew: Bool,
        _ change: (String, YamlNode) -> YamlNode
    ) throws(RuleSetError) -> RuleSet {
        var loader = RuleSetLoader(files, host, depth)
        return try loader.load(isNew: isNew, change)
    }

    private mutating func load(
        isNew: Bool, _ change: (String, YamlNode) -> YamlNode
    ) throws(RuleSetError) -> RuleSet {
        checkNames()
        let read = YamlDocuments.roots(of: sources) { file in
            Self.settings.contains(file.name) ? "" : ": a rule file needs `agent`, `version` and `rules`"
        }
        let roots = zip(sources, read).map { file, root in root.map { change(file.name, $0) } }
        parts.files = files
        parts.digest = digest(roots)
        for file in files { parts.fileDigests[file.name] = host.digest(file.text) }
        readSettings(roots)
        let agents = agentSources(roots)
        let shared = collectTypes(agents)
        parts.agents = agents.map(\.1).filter { agent in !host.agents.contains { $0.name == agent.name } }
        let pure = RuleEnvironment.pureFunctions(parts.currencies, parts.calendar)
        parts.tables = StateCompiler(agents, host, pure, shared: shared).tables()
        StateCompiler.check(parts.tables, against: host.kept, agents.map(\.0))
        let environment = RuleEnvironment(
            types: parts.types, host: host, currencies: parts.currencies, calendar: parts.calendar, tables: parts.tables
        )
        readPolicy(roots, environment)
        compile(agents, environment)
        compileFolds(agents.map(\.0), environment)
        let errors = sources.flatMap(\.errors) + (isNew ? sources.flatMap(\.doubts) : [])
        guard errors.isEmpty else { throw RuleSetError(errors.sorted()) }
        parts.warnings = sources.flatMap(\.warnings).sorted()
        return RuleSet(parts, evaluator: Evaluator(environment, parts.policy))
    }

    private func checkNames() {
        for (index, source) in sources.enumerated() {
            let start = SourcePlace(line: 1, column: 1)
            if !source.name.hasSuffix(".yaml") || source.name.utf8.contains(0x2F) {
                source.error(start, "`\(source.name)` is not a file of a rule set: the top-level *.yaml")
            }
            if index > 0, sources[index - 1].name == source.name {
                source.error(start, "file `\(source.name)` is given twice")
            }
        }
    }

    /// SHA-256 of the JCS form of {file name: parsed content}.
    private func digest(_ roots: [YamlNode?]) -> String {
        var writer = CanonicalWriter(capacity: 65_536)
        writer.beginObject()
        let order = files.indices.sorted { JCS.precedes(files[$0].name, files[$1].name) }
        for index in order {
            guard let root = roots[index] else { continue }
            writer.key(files[index].name)
            YamlCanonical.write(root, in: sources[index], into: &writer)
        }
        writer.endObject()
        return host.digest(unsafe writer.withBytes { unsafe [UInt8]($0) })
    }

    private func root(_ name: String, _ roots: [YamlNode?]) -> (YamlNode, SourceFile)? {
        guard let index = files.firstIndex(where: { $0.name == name }), let root = roots[index] else { return nil }
        return (root, sources[index])
    }

    private mutating func readSettings(_ roots: [YamlNode?]) {
        if let (root, file) = root(CalendarFile.name, roots), let calendar = CalendarFile.read(root, in: file) {
            parts.calendar = calendar
        }
        if let (root, file) = root(CurrenciesFile.name, roots), let currencies = CurrenciesFile.read(root, in: file) {
            parts.currencies = currencies
        }
    }

    private mutating func readPolicy(_ roots: [YamlNode?], _ environment: RuleEnvironment) {
        guard let (root, file) = root(PolicyFile.name, roots) else { return }
        let projections = environment.projectionNames
        if let policy = PolicyFile.read(root, in: file, types: parts.types, projections: projections) {
            parts.policy = policy
        }
    }

    /// The rule files, in the order in which agents decide.
    private func agentSources(_ roots: [YamlNode?]) -> [(AgentSource, RuleHost.AgentEntry)] {
        var result: [(AgentSource, RuleHost.AgentEntry)] = []
        for (index, file) in sources.enumerated() where !Self.settings.contains(file.name) {
            guard let root = roots[index], let source = AgentSource(root, in: file) else { continue }
            let entry = host.agents.first { $0.name == source.agent } ?? added(source)
            if let other = result.first(where: { $0.1.name == entry.name }) {
                file.error(source.agentPlace, "agent `\(entry.name)` has a rule file already: `\(other.0.file.name)`")
                continue
            }
            result.append((source, entry))
        }
        return result.sorted { a, b in
            if a.1.agentClass != b.1.agentClass { return a.1.agentClass < b.1.agentClass }
            return a.1.name.utf8.lexicographicallyPrecedes(b.1.name.utf8)
        }
    }

    /// An agent that this program does not have: its file says its class, and all that it is. Where it does not the
    /// rest of the file is checked all the same.
    private func added(_ source: AgentSource) -> RuleHost.AgentEntry {
        if source.state.agentClass != nil {
            return RuleHost.AgentEntry(
                name: source.agent, agentClass: StateCompiler.agentClass(source) ?? .standing)
        }
        if let first = source.state.firstKey {
            source.file.error(
                first.place,
                "agent `\(source.agent)` is no part of the program and needs `class`, its priority: "
                    + RuleStarter.classes.map { "`\($0)`" }.joined(separator: ", "))
            return RuleHost.AgentEntry(name: source.agent, agentClass: .standing)
        }
        let names = host.agents.map(\.name).sorted()
        let hint = Spelling.hint(source.agent, among: names)
        source.file.error(
            source.agentPlace,
            "unknown agent `\(source.agent)`"
                + (hint.isEmpty
                    ? ": this program has \(names.map { "`\($0)`" }.joined(separator: ", ")); a new one says its `class`"
                    : hint))
        return RuleHost.AgentEntry(name: source.agent, agentClass: .standing)
    }

    /// - Returns: the records that every rule file may name.
    private mutating func collectTypes(_ agents: [(AgentSource, RuleHost.AgentEntry)]) -> [String: YamlNode] {
        let correctable = Set(agents.flatMap { $0.0.correctable.map(\.text) })
        var builder = EventTypesBuilder()
        let builtIn = SourceFile(BuiltInTypes.file)
        let shared = builder.add(BuiltInTypes.entries, of: builtIn, correctable: correctable)
        precondition(builtIn.errors.isEmpty, "the engine's own event types: \(builtIn.errors)")
        for (source, entry) in agents {
            let records = shared.merging(source.shared) { _, own in own }
            for (node, kind) in [
                (source.facts, EventKind.fact), (source.triggers, .trigger), (source.decisions, .decision),
            ] {
                guard let node else { continue }
                let section = EventTypesBuilder.Section(
                    node: node, kind: kind, owner: entry.name, ownerClass: entry.agentClass,
                    redeclared: Set(source.shared.keys).intersection(shared.keys))
                builder.add(section, shared: records, correctable: correctable, file: source.file)
            }
        }
        parts.types = EventTypes(builder.types)
        parts.sentences = Sentences(parts.types, parts.calendar, parts.currencies)
        if depth == .checked { parts.sentences.compile(parts.types, builder.declared) }
        ReadingCheck(declared: builder.declared, types: parts.types).report(host.readings)
        for (source, _) in agents {
            for (name, place) in source.correctable where parts.types[name]?.kind != .decision {
                let known = parts.types.all.filter { $0.kind == .decision }.map(\.name)
                source.file.error(place, "unknown decision `\(name)`\(Spelling.hint(name, among: known))")
            }
        }
        return shared
    }

    /// Every parameter by its path, maps taken apart.
    private mutating func note(_ entries: [YamlNode.Entry], of path: String, in file: SourceFile) {
        for entry in entries {
            let name = path.utf8.contains(0x20) ? path + "." + entry.key : path + ": " + entry.key
            if let inner = entry.value.entries {
                note(inner, of: name, in: file)
            } else {
                parts.parameters[name] = YamlCanonical.bytes(entry.value, in: file)
            }
        }
    }

    /// The types that agents' files seem to declare and that are not known, as something is wrong there.
    private func lostTypes(_ agents: [AgentSource]) -> Set<String> {
        var names: Set<String> = []
        for file in sources where !file.errors.isEmpty {
            if let agent = agents.first(where: { $0.file === file }) {
                for node in [agent.facts, agent.triggers, agent.decisions] {
                    names.formUnion((node?.entries ?? []).map(\.key))
                }
            } else {
                for line in (1...file.lineCount).map(file.text(line:)) {
                    names.insert(String(line.drop { $0 == " " }.prefix { $0 != ":" }))
                }
            }
        }
        return names.filter { parts.types[$0] == nil }
    }

    private mutating func compile(_ agents: [(AgentSource, RuleHost.AgentEntry)], _ environment: RuleEnvironment) {
        var constants = CELEnvironment()
        let pure = RuleEnvironment.pureFunctions(parts.currencies, parts.calendar)
        for function in pure { constants.declare(function: function) }
        let lost = lostTypes(agents.map(\.0))
        for (source, entry) in agents {
            let parameters = Parameters(source.parameters, in: source.file, environment: constants)
            note(source.parameters, of: entry.name, in: source.file)
            parts.versions[entry.name] = source.version
            var compiler = RuleCompiler(
                source, agent: entry, types: parts.types, environment: environment, parameters: parameters,
                agents: (host.agents + parts.agents).map(\.name))
            compiler.lost = lost
            compiler.checksMeaning = depth == .checked
            var ids: [String: Int] = [:]
            for rule in source.rules {
                if !rule.id.isEmpty, let line = ids.updateValue(rule.line, forKey: rule.id) {
                    source.file.error(rule.idPlace, "rule `\(rule.id)` is there already, on line \(line)")
                }
                let compiled = compiler.rule(rule)
                if depth == .onDemand || compiled.compile() != nil {
                    compiled.index = parts.rules.count
                    parts.rules.append(compiled)
                }
            }
            guard depth == .checked else { continue }
            compiler.check(source.common, source.rules)
            ReasonCheck.report(source, types: parts.types)
            ClaimCheck.report(source.rules, in: source.file)
            TimerCheck.report(source.rules, in: source.file)
        }
    }

    private mutating func compileFolds(_ agents: [AgentSource], _ environment: RuleEnvironment) {
        parts.folds = Array(repeating: [], count: parts.types.count)
        for source in agents where !source.state.folds.isEmpty {
            let compiler = FoldCompiler(source, types: parts.types, tables: parts.tables, environment: environment)
            for fold in source.state.folds {
                parts.foldTexts[source.agent + ": " + fold.type] = fold.content
                if let (type, plans) = compiler.compile(fold) { parts.folds[type.index] += plans }
            }
        }
    }
}

/// The parts of a rule set as loading collects them.
struct RuleSetParts {
    var digest = ""
    var files: [RuleFile] = []
    var fileDigests: [String: String] = [:]
    var warnings: [RuleDiagnostic] = []
    var types = EventTypes([])
    var rules: [CompiledRule] = []
    /// The agents that rule files bring.
    var agents: [RuleHost.AgentEntry] = []
    var tables: [DeclaredTable] = []
    /// By the index of the event type.
    var folds: [[FoldPlan]] = []
    /// The canonical JSON of what agents fold, by `agent: type`.
    var foldTexts: [String: [UInt8]] = [:]
    /// The canonical JSON of each parameter, by `agent: path`.
    var parameters: [String: [UInt8]] = [:]
    /// The version each agent's file states.
    var versions: [String: String] = [:]
    var calendar = Calendar.standard
    var currencies = Currencies.standard
    var policy = Policy.standard
    var sentences = Sentences.ofEngine
}
