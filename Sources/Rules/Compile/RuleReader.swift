/// Reads one rule from YAML into its source form.
struct RuleReader {
    let file: SourceFile
    /// The keys that the file states once for all its rules.
    var common = Common()

    /// `refused`, `subject` and `onError` of a file, for rules that have none of their own.
    struct Common {
        var refused: (text: String, place: SourcePlace)?
        var subject: RuleSource.Subject?
        var onError: [RuleSource.Emit]?
    }

    /// Reads what stands beside the rules of a file.
    init(_ reader: MappingReader) {
        file = reader.file
        common.refused = reader.literal("refused")
        common.subject = subject(reader)
        if reader["onError"] != nil { common.onError = emits(reader, "onError", subject: common.subject) }
    }

    /// Returns nil after noting the errors of the rule as a whole in the file.
    func rule(_ node: YamlNode) -> RuleSource? {
        guard let reader = MappingReader(node, in: file, .rule) else { return nil }
        // A rule without a good id is read all the same: what else is wrong with it is told, too.
        let id = reader.text("id") ?? ""
        if !id.isEmpty, !Self.isIdentifier(id) {
            file.error(reader.keyPlace("id"), "`\(id)` is not a rule id: letters, digits, `-` and `_`")
        }
        let rule = RuleSource()
        rule.id = id
        rule.idPlace = reader["id"]?.place ?? node.place
        rule.line = node.place.line
        rule.written = (node, file)
        rule.on = reader.texts("on")
        rule.over = reader.text("over")
        rule.overPlace = reader["over"]?.place ?? node.place
        rule.variables = variables(reader)
        rule.refused = reader.literal("refused")
        rule.subject = subject(reader) ?? common.subject
        rule.hasFilesSubject = reader["subject"] == nil
        rule.hasFilesOnError = reader["onError"] == nil
        rule.table = reader["table"].flatMap(table)
        rule.when = reader.expression("when")
        rule.because = reader.template("because")
        rule.refusals = reader.list("refuse").compactMap {
            refusal($0, as: rule.refused ?? common.refused, subject: rule.subject)
        }
        rule.claims = claims(reader)
        rule.quorum = reader["quorum"].flatMap(quorum)
        rule.emit = emits(reader, "emit", subject: rule.subject)
        if reader["otherwise"] != nil { rule.otherwise = emits(reader, "otherwise", subject: rule.subject) }
        rule.onError =
            reader["onError"] == nil ? common.onError : emits(reader, "onError", subject: rule.subject)
        if rule.onError?.isEmpty ?? false { rule.onError = nil }
        rule.timers = reader.list("timers").compactMap { timer($0, isCancel: false) }
        rule.cancels = reader.list("cancel").compactMap { timer($0, isCancel: true) }
        if rule.emit.isEmpty, rule.timers.isEmpty, rule.cancels.isEmpty, rule.otherwise?.isEmpty ?? true,
            rule.refusals.isEmpty
        {
            file.error(rule.idPlace, "rule `\(id)` decides nothing: it has no emit, timers, cancel or refuse")
        }
        if rule.otherwise != nil, rule.when == nil {
            file.error(reader.keyPlace("otherwise"), "`otherwise` stands in where `when` does not hold; there is none")
        }
        return rule
    }

    private func variables(_ reader: MappingReader) -> [RuleSource.Variable] {
        guard let node = reader["let"] else { return [] }
        guard let entries = node.entries else {
            file.error(node.place, "`let` must be a mapping from name to CEL, is \(node.described)")
            return []
        }
        return entries.compactMap { entry in
            guard Self.isName(entry.key) else {
                file.error(entry.keyPlace, "`\(entry.key)` is not a name: letters, digits and `_`, no digit first")
                return nil
            }
            guard let expression = entry.value.expression else {
                file.error(entry.value.place, "`\(entry.key)` must be a CEL expression in one text")
                return nil
            }
            return RuleSource.Variable(name: entry.key, place: entry.keyPlace, expression: expression)
        }
    }

    private func claims(_ reader: MappingReader) -> [ExpressionText] {
        guard let node = reader["claim"] else { return [] }
        return (node.elements ?? [node]).compactMap { element in
            if element.expression == nil { file.error(element.place, "`claim` must be CEL, or a list of CEL") }
            return element.expression
        }
    }

    private func timer(_ node: YamlNode, isCancel: Bool) -> RuleSource.Timer? {
        guard let item = MappingReader(node, in: file, isCancel ? .cancel : .timer) else { return nil }
        let (name, key) = (item.text("name"), item.expression("key"))
        let at = isCancel ? nil : item.expression("at")
        guard let name, let key else { return nil }
        if !isCancel, at == nil { return nil }
        return RuleSource.Timer(
            name: name, place: item["name"]?.place ?? node.place, key: key, at: at, each: item.expression("each"),
            condition: item.expression("if"))
    }

    private func quorum(_ node: YamlNode) -> RuleSource.Quorum? {
        guard
            let item = MappingReader(node, in: file, .quorum), let within = item.expression("within"),
            let reference = item.expression("reference"), let need = item.integer("need")
        else { return nil }
        let agents = item.texts("of")
        guard need >= 1, need <= agents.count else {
            file.error(item.keyPlace("need"), "`need` must be 1 to \(agents.count), the number of agents that vote")
            return nil
        }
        return RuleSource.Quorum(
            of: agents, need: Int(need), within: within, reference: reference, place: node.place)
    }

    /// A rule's id.
    static func isIdentifier(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
                default: false
                }
            }
    }

    /// A name that CEL can select.
    static func isName(_ text: String) -> Bool {
        isIdentifier(text) && !text.utf8.contains(0x2D) && !(0x30...0x39).contains(text.utf8.first ?? 0x30)
    }
}

extension RuleReader {
    /// Reads a decision table; nil after noting the errors of the whole.
    func table(_ node: YamlNode) -> TableSource? {
        guard let reader = MappingReader(node, in: file, .decisionTable) else {
            return nil
        }
        var inputs: [TableSource.Input] = []
        for entry in reader["inputs"]?.entries ?? [] {
            guard let expression = entry.value.expression else {
                file.error(entry.value.place, "input `\(entry.key)` must be a CEL expression in one text")
                continue
            }
            inputs.append(TableSource.Input(name: entry.key, expression: expression))
        }
        var rows = reader.list("rows").compactMap { row($0, inputs) }
        if let last = reader["default"] {
            guard let entries = last.entries else {
                file.error(last.place, "`default` must be a mapping from output to value, is \(last.described)")
                return nil
            }
            let outputs = entries.map { (name: $0.key, value: $0.value) }
            rows.append(TableSource.Row(condition: .always, outputs: outputs, place: last.place))
        }
        guard let first = rows.first else {
            file.error(node.place, "the table has no rows")
            return nil
        }
        let names = Set(first.outputs.map(\.name))
        for row in rows where Set(row.outputs.map(\.name)) != names {
            file.error(
                row.place,
                "every row must give the same outputs: \(names.sorted().map { "`\($0)`" }.joined(separator: ", "))")
            return nil
        }
        return TableSource(inputs: inputs, rows: rows, place: node.place)
    }

    private func row(_ node: YamlNode, _ inputs: [TableSource.Input]) -> TableSource.Row? {
        guard let reader = MappingReader(node, in: file, .row), let then = reader["then"] else { return nil }
        guard let outputs = then.entries, !outputs.isEmpty else {
            file.error(then.place, "`then` must be a mapping from output to value, is \(then.described)")
            return nil
        }
        for output in outputs where !Self.isName(output.key) {
            file.error(output.keyPlace, "`\(output.key)` is not a name for an output")
            return nil
        }
        return TableSource.Row(
            condition: condition(reader["when"], inputs), outputs: outputs.map { (name: $0.key, value: $0.value) },
            place: node.place)
    }

    private func condition(_ node: YamlNode?, _ inputs: [TableSource.Input]) -> TableSource.Row.Condition {
        guard let node else { return .always }
        if let expression = node.expression { return .expression(expression) }
        var cells: [(input: Int, cell: YamlNode)] = []
        for entry in node.entries ?? [] {
            if let index = inputs.firstIndex(where: { $0.name == entry.key }) {
                cells.append((index, entry.value))
            } else {
                file.error(
                    entry.keyPlace, "unknown input `\(entry.key)`\(Spelling.hint(entry.key, among: inputs.map(\.name)))"
                )
            }
        }
        if node.entries == nil { file.error(node.place, "`when` of a row must be cells or CEL, is \(node.described)") }
        return cells.isEmpty ? .always : .cells(cells)
    }
}
