extension RuleReader {
    /// Reads a decision table; nil after noting what is wrong with the whole.
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
