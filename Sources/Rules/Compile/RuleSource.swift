/// A rule as it is written, its literals read and its expressions not compiled yet; not changed once it is read.
final class RuleSource {
    struct Variable {
        let name: String
        let place: SourcePlace
        let expression: ExpressionText
    }

    struct Emit {
        let type: String
        let typePlace: SourcePlace
        let place: SourcePlace
        let subject: Subject?
        /// Indicates that the decision itself states its subject, not the rule or the file.
        var hasOwnSubject = false
        let data: Data
        let each: ExpressionText?
        /// Nil where it always is one.
        let condition: ExpressionText?
    }

    /// The subject of a decision.
    enum Subject {
        /// A member of its data, where it has one of that name; else nothing.
        case member(String, SourcePlace)
        /// Anything else that is said in CEL.
        case expression(ExpressionText)
    }

    /// The data of a decision.
    indirect enum Data {
        /// One expression that gives the whole.
        case expression(ExpressionText)
        case members([Member], SourcePlace)
        case elements([Data], SourcePlace)
        /// A text with CEL in braces; of an account the currency of the amount beside it ends it.
        case text(TextTemplate, isAccount: Bool)
    }

    struct Member {
        let name: String
        let place: SourcePlace
        /// Nil where it is the trigger's member of the same name.
        let value: Data?
    }

    /// One line of `refuse`.
    struct Refusal {
        let place: SourcePlace
        let when: ExpressionText
        let type: (text: String, place: SourcePlace)
        let reason: TextTemplate?
        let because: TextTemplate?
        /// The members of the refusal that neither the reason nor the trigger gives.
        let with: [Member]
        let also: [Emit]
    }

    struct Timer {
        let name: String
        let place: SourcePlace
        let key: ExpressionText
        /// Nil where the timer is cancelled.
        let at: ExpressionText?
        let each: ExpressionText?
        let condition: ExpressionText?
    }

    struct Quorum {
        let of: [(text: String, place: SourcePlace)]
        let need: Int
        let within: ExpressionText
        let reference: ExpressionText
        let place: SourcePlace
    }

    var id = ""
    var idPlace = SourcePlace(line: 1, column: 1)
    var line = 1
    /// The rule with its place in its file; nil where there is none.
    var written: (node: YamlNode, file: SourceFile)?
    var on: [(text: String, place: SourcePlace)] = []
    var over: String?
    var overPlace = SourcePlace(line: 1, column: 1)
    var variables: [Variable] = []
    var when: ExpressionText?
    var because: TextTemplate?
    var refusals: [Refusal] = []
    /// The decision by which lines of `refuse` refuse that name none, where the rule says it.
    var refused: (text: String, place: SourcePlace)?
    /// The member of a decision's data that it is about, unless the decision says another.
    var subject: Subject?
    /// Indicates that `subject` and `onError` are the file's.
    var (hasFilesSubject, hasFilesOnError) = (false, false)
    var emit: [Emit] = []
    var otherwise: [Emit]?
    var onError: [Emit]?
    var timers: [Timer] = []
    var cancels: [Timer] = []
    var claims: [ExpressionText] = []
    var quorum: Quorum?
    var table: TableSource?

    /// The rule as written: its lines without the indentation they share.
    var text: String { written.map { $0.file.text(ofItem: $0.node) } ?? "" }

    /// The canonical JSON of each key's content.
    var parts: [String: [UInt8]] {
        var parts: [String: [UInt8]] = [:]
        guard let written else { return parts }
        for entry in written.node.entries ?? [] {
            parts[entry.key] = YamlCanonical.bytes(entry.value, in: written.file)
        }
        return parts
    }
}

/// A decision table as it is written.
struct TableSource {
    struct Input {
        let name: String
        let expression: ExpressionText
    }

    struct Row {
        enum Condition {
            /// Cells by input; an input without a cell holds.
            case cells([(input: Int, cell: YamlNode)])
            case expression(ExpressionText)
            /// The row of last resort.
            case always
        }

        let condition: Condition
        let outputs: [(name: String, value: YamlNode)]
        let place: SourcePlace
    }

    let inputs: [Input]
    /// In order; `default` is the last.
    let rows: [Row]
    let place: SourcePlace
}

/// One agent's rule file as it is written.
struct AgentSource {
    let file: SourceFile
    let agent: String
    let agentPlace: SourcePlace
    let version: String
    let parameters: [YamlNode.Entry]
    let facts: YamlNode?
    let triggers: YamlNode?
    let decisions: YamlNode?
    /// The records `_name`.
    let shared: [String: YamlNode]
    let correctable: [(text: String, place: SourcePlace)]
    let common: RuleReader.Common
    let rules: [RuleSource]
    let state: StateSource

    /// Returns nil after noting the errors of the file as a whole.
    init?(_ root: YamlNode, in file: SourceFile) {
        guard
            let reader = MappingReader(root, in: file, .ruleFile), let agent = reader.text("agent")
        else { return nil }
        // Without it the rest is read all the same: what else is wrong is told, too.
        let version = reader.text("version") ?? ""
        self.file = file
        self.agent = agent
        agentPlace = reader["agent"]?.place ?? root.place
        self.version = version
        if let node = reader["parameters"], node.entries == nil, node.scalar != .null {
            file.error(node.place, "`parameters` must be a mapping, is \(node.described)")
        }
        parameters = reader["parameters"]?.entries ?? []
        facts = reader["facts"]
        triggers = reader["triggers"]
        decisions = reader["decisions"]
        shared = EventTypesBuilder.shared(root.entries ?? [])
        correctable = reader.texts("correctable")
        let rules = RuleReader(reader)
        common = rules.common
        state = StateSource(reader, rules)
        self.rules = reader.list("rules").compactMap(rules.rule)
    }
}
