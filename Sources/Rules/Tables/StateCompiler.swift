import AgentKit

/// Compiles the tables that rule files declare, and checks that their names are free: rules see all tables, agents and
/// functions in one namespace.
struct StateCompiler {
    /// Names that stand for something else in every expression.
    private static let reserved: Set<String> = [
        "event", "data", "params", "row", "table", "item", "true", "false", "null", "in", "as", "break", "const",
        "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var",
        "void", "while", "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type",
        "optional_type", "google", "has", "cel", "optional", "math", "strings", "sets", "lists", "base64",
    ]
    /// The names under which others append, declare or decide.
    private static let owners: Set<String> = ["engine", "any", "administrator", "clock", "ledger"]

    private let host: RuleHost
    private let functions: Set<String>
    private let agents: [(AgentSource, RuleHost.AgentEntry)]
    /// The records that every rule file may name.
    private let shared: [String: YamlNode]

    init(
        _ agents: [(AgentSource, RuleHost.AgentEntry)], _ host: RuleHost, _ pure: [Function],
        shared: [String: YamlNode]
    ) {
        self.agents = agents
        self.host = host
        self.shared = shared
        functions = Set((pure + host.functions).map(\.name))
    }

    /// The tables in the order of the agents and of their files; notes the errors in the files.
    func tables() -> [DeclaredTable] {
        var tables: [DeclaredTable] = []
        for (source, entry) in agents {
            checkAgent(source)
            for table in source.state.tables {
                guard isFree(table, of: entry.name, source.file, beside: tables),
                    let declared = declared(table, of: entry.name, source)
                else { continue }
                tables.append(declared)
            }
        }
        return tables
    }

    /// The class of an agent that is not part of the program; nil after noting its errors.
    static func agentClass(_ source: AgentSource) -> AgentClass? {
        guard let (text, place) = source.state.agentClass else { return nil }
        let known = RuleStarter.classes
        guard let index = known.firstIndex(of: text) else {
            let hint = Spelling.hint(text, among: known)
            let list = hint.isEmpty ? "; classes are " + known.map { "`\($0)`" }.joined(separator: ", ") : ""
            source.file.error(place, "unknown class `\(text)`\(hint)\(list)", length: text.unicodeScalars.count)
            return nil
        }
        return AgentClass.allCases[index]
    }

    private func checkAgent(_ source: AgentSource) {
        let name = source.agent
        let isOfProgram = host.agents.contains { $0.name == name }
        guard source.state.firstKey != nil else { return }
        if isOfProgram {
            guard let (text, place) = source.state.agentClass else { return }
            source.file.doubt(
                place, "`class` is for agents that are no part of the program, as `\(name)` is",
                length: text.unicodeScalars.count)
        } else if !RuleStarter.isAgentName(name) {
            source.file.error(
                source.agentPlace,
                "`\(name)` is not a valid name for an agent: lower-case letters, digits and `_`, no digit first",
                length: name.unicodeScalars.count)
        } else if Self.reserved.contains(name) || Self.owners.contains(name) {
            source.file.error(
                source.agentPlace, "`\(name)` is not a valid name for an agent: it means something in rules",
                length: name.unicodeScalars.count)
        } else if host.projections.contains(where: { $0.name == name && $0.isProjection }) {
            source.file.doubt(
                source.agentPlace, "`\(name)` is a projection of the program", length: name.unicodeScalars.count)
        }
    }

    private func isFree(
        _ table: StateSource.Table, of agent: String, _ file: SourceFile, beside tables: [DeclaredTable]
    ) -> Bool {
        func refuse(_ what: String) -> Bool {
            file.error(table.place, "`\(table.name)` \(what)", length: table.name.unicodeScalars.count)
            return false
        }
        if Self.reserved.contains(table.name) { return refuse("stands for something else in every expression") }
        if let other = tables.first(where: { $0.name == table.name }) {
            return refuse("is a table of agent `\(other.agent)` already")
        }
        if agents.contains(where: { $0.1.name == table.name }), table.name != agent {
            return refuse("is the name of an agent")
        }
        for other in tables where other.indexes.contains(where: { DeclaredTable.lookup(other.name, $0) == table.name })
        {
            return refuse("is the function that looks up `\(other.name)`")
        }
        // A program may bring a name later that a rule set in force has: such a set is kept.
        func doubt(_ what: String) {
            file.doubt(table.place, "`\(table.name)` is \(what)", length: table.name.unicodeScalars.count)
        }
        if host.projections.contains(where: { $0.name == table.name }) {
            doubt("a table of the program")
        } else if functions.contains(table.name) {
            doubt("a function of the program")
        } else if table.name != agent, host.agents.contains(where: { $0.name == table.name }) {
            doubt("the name of an agent")
        }
        for (member, place) in table.index {
            let name = DeclaredTable.lookup(table.name, member)
            if functions.contains(name) { file.doubt(place, "`\(name)` is a function of the program") }
            if tables.contains(where: { $0.name == name }) { file.error(place, "`\(name)` is a table already") }
        }
        return true
    }

    private func declared(_ table: StateSource.Table, of agent: String, _ source: AgentSource) -> DeclaredTable? {
        let file = source.file
        let before = file.errors.count
        var parser = TypeParser(file, shared: shared.merging(source.shared) { _, own in own })
        parser.constrains = false
        for name in Set(source.shared.keys).intersection(shared.keys) { parser.ownNames[name] = agent + "." + name }
        guard let schema = parser.record(table.row, named: "row." + table.name) else { return nil }
        for entry in table.row.entries ?? [] {
            if !RuleReader.isName(entry.key) {
                file.error(entry.keyPlace, "`\(entry.key)` is not a name that rules can select")
            }
            if let index = schema.index(of: entry.key), schema.members[index].minimising != nil {
                file.error(entry.value.place, "only what producers send is reduced: a member of a row is not minimal")
            }
            guard let index = schema.index(of: entry.key), case .personal = schema.members[index].type else { continue }
            file.error(
                entry.value.place,
                "a row holds nothing personal: what is personal stays in its event, where it can be erased")
        }
        if schema.members.isEmpty { file.error(table.row.place, "a row has at least one member") }
        if !RuleReader.isName(table.key.text) {
            file.error(table.key.place, "`\(table.key.text)` is not the name of a member of events: a fold may say CEL")
        }
        let indexes = indexes(table, schema, file)
        guard file.errors.count == before else { return nil }
        return DeclaredTable(name: table.name, agent: agent, key: table.key.text, indexes: indexes, schema: schema)
    }

    private func indexes(_ table: StateSource.Table, _ schema: RecordSchema, _ file: SourceFile) -> [String] {
        var names: [String] = []
        for (name, place) in table.index {
            let length = name.unicodeScalars.count
            guard let index = schema.index(of: name) else {
                let hint = Spelling.hint(name, among: schema.members.map(\.name))
                file.error(place, "`\(table.name)` has no member `\(name)` to look up\(hint)", length: length)
                continue
            }
            switch schema.members[index].type {
            case .string, .id, .oneOf, .int, .bool: break
            case let type:
                file.error(
                    place, "rows are looked up by texts, integers and flags, `\(name)` is \(type.text)", length: length)
                continue
            }
            if names.contains(name) {
                file.error(place, "`\(name)` is named twice", length: length)
            } else {
                names.append(name)
            }
        }
        return names
    }

    /// Notes where a table that is kept would lose what its rows are.
    static func check(_ tables: [DeclaredTable], against kept: [KeptTable], _ agents: [AgentSource]) {
        for table in tables {
            guard let earlier = kept.first(where: { $0.name == table.name }),
                let source = agents.first(where: { $0.agent == table.agent }),
                let written = source.state.tables.first(where: { $0.name == table.name })
            else { continue }
            for problem in table.shape.problems(after: earlier.shape, of: table.name) {
                let member = written.row.entries?.first { $0.key == problem.member }
                let place =
                    member?.keyPlace ?? (table.shape.key == earlier.shape.key ? written.place : written.key.place)
                source.file.error(place, problem.message, length: (member?.key ?? "").unicodeScalars.count)
            }
        }
    }
}
