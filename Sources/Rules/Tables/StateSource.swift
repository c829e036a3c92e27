/// The state that an agent's rule file declares: `tables` and `fold`; where the agent is not part of the program, also
/// its `class`.
struct StateSource {
    struct Table {
        let name: String
        let place: SourcePlace
        let key: (text: String, place: SourcePlace)
        let row: YamlNode
        let index: [(text: String, place: SourcePlace)]
    }

    /// The effects of entries of one type.
    struct Fold {
        let type: String
        let typePlace: SourcePlace
        let items: [Item]
        /// The canonical JSON of the whole.
        let content: [UInt8]
    }

    struct Item {
        let place: SourcePlace
        let action: FoldPlan.Action
        let table: (text: String, place: SourcePlace)
        /// Nil where it is the event's member that the table names.
        let key: ExpressionText?
        let condition: ExpressionText?
        let row: [RuleSource.Member]
        let rowPlace: SourcePlace?
    }

    /// The class as written.
    let agentClass: (text: String, place: SourcePlace)?
    let tables: [Table]
    let folds: [Fold]
    /// The first of these keys.
    let firstKey: (name: String, place: SourcePlace)?

    init(_ reader: MappingReader, _ rules: RuleReader) {
        agentClass = reader.literal("class")
        tables = Self.tables(reader)
        folds = Self.folds(reader, rules)
        let keys = ["class", "tables", "fold"].filter { reader[$0] != nil }
        firstKey = keys.map { ($0, reader.keyPlace($0)) }.min { ($0.1.line, $0.1.column) < ($1.1.line, $1.1.column) }
    }

    /// The entries of a mapping by names of the author's choosing.
    private static func entries(_ reader: MappingReader, _ key: String, of what: String) -> [YamlNode.Entry] {
        guard let node = reader[key] else { return [] }
        if case .null = node.scalar { return [] }
        guard let entries = node.entries else {
            reader.file.error(node.place, "`\(key)` must be a mapping from \(what), is \(node.described)")
            return []
        }
        return entries
    }

    private static func tables(_ reader: MappingReader) -> [Table] {
        entries(reader, "tables", of: "a table's name to what it holds").compactMap { entry in
            guard RuleReader.isName(entry.key) else {
                reader.file.error(
                    entry.keyPlace, "`\(entry.key)` is not a name for a table: letters, digits and `_`, no digit first")
                return nil
            }
            guard
                let table = MappingReader(
                    entry.value, in: reader.file, .declaredTable, what: "the table `\(entry.key)`"),
                let key = table.literal("key"), let row = table["row"]
            else { return nil }
            return Table(
                name: entry.key, place: entry.keyPlace, key: key, row: row, index: table.texts("index"))
        }
    }

    private static func folds(_ reader: MappingReader, _ rules: RuleReader) -> [Fold] {
        entries(reader, "fold", of: "an event's type to what it changes").map { entry in
            Fold(
                type: entry.key, typePlace: entry.keyPlace,
                items: (entry.value.elements ?? [entry.value]).compactMap { item($0, entry.key, reader.file, rules) },
                content: YamlCanonical.bytes(entry.value, in: reader.file))
        }
    }

    private static func item(_ node: YamlNode, _ type: String, _ file: SourceFile, _ rules: RuleReader) -> Item? {
        guard let reader = MappingReader(node, in: file, .fold, what: "the fold of `\(type)`") else { return nil }
        let actions = FoldPlan.Action.allCases.filter { reader[$0.rawValue] != nil }
        guard let action = actions.first, let table = reader.literal(action.rawValue) else {
            if actions.isEmpty {
                file.error(
                    node.place,
                    "the fold of `\(type)` says what it does: `put`, `change` or `remove` and the name of a table")
            }
            return nil
        }
        for other in actions.dropFirst() {
            file.error(
                reader.keyPlace(other.rawValue),
                "`\(other.rawValue)` beside `\(action.rawValue)`: what does more is a list of such mappings")
        }
        if action == .remove, reader["row"] != nil {
            file.error(reader.keyPlace("row"), "`row` beside `remove`: of a row that goes nothing is kept")
            return nil
        }
        if action != .remove, reader["row"] == nil {
            file.error(node.place, "`\(action.rawValue): \(table.text)` needs `row`, the members that it sets")
            return nil
        }
        return Item(
            place: node.place, action: action, table: table, key: reader.expression("key"),
            condition: reader.expression("if"), row: reader["row"].map { rules.members($0, of: "row") } ?? [],
            rowPlace: reader["row"] == nil ? nil : reader.keyPlace("row"))
    }
}
