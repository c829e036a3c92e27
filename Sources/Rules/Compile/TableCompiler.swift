import AgentKit

/// Compiles a rule's decision table and reports what its rows leave out or can never give.
struct TableCompiler {
    let rule: RuleCompiler
    private var file: SourceFile { rule.file }

    init(rule: RuleCompiler) { self.rule = rule }

    /// Declares `table` in the scope; nil after noting what is wrong.
    func compile(_ source: TableSource, _ scope: inout RuleScope, seen: [EventType]) -> TablePlan? {
        let before = file.errors.count
        let inputs = source.inputs.compactMap { rule.compile($0.expression, in: scope) }
        guard inputs.count == source.inputs.count else { return nil }
        let types = inputs.map(\.resultType)
        let conditions = source.rows.compactMap { condition($0.condition, source.inputs, types, scope) }
        let outputs = source.rows.map { row in row.outputs.map { output($0.value, scope) } }
        guard file.errors.count == before, conditions.count == source.rows.count else { return nil }
        let names = source.rows[0].outputs.map(\.name)
        var rows: [TablePlan.Row] = []
        for (index, row) in source.rows.enumerated() {
            let ordered = names.compactMap { name in row.outputs.firstIndex { $0.name == name } }
            rows.append(
                TablePlan.Row(
                    condition: conditions[index], outputs: ordered.compactMap { outputs[index][$0]?.output },
                    line: row.place.line))
        }
        scope.environment.declare(record: record(source, names, outputs))
        scope.environment.declare(variable: "table", .record("table"))
        let domains = source.inputs.map { domain($0.expression.text, of: seen) }
        TableCoverage(file: file, source: source, conditions: conditions, types: types, domains: domains).report()
        guard file.errors.count == before else { return nil }
        return TablePlan(
            slot: scope.environment.slot(of: "table") ?? 0, inputNames: source.inputs.map(\.name), inputs: inputs,
            outputs: names, rows: rows)
    }

    /// The values of an input that is an enum of the event's data; nil for any other.
    private func domain(_ text: String, of types: [EventType]) -> [String]? {
        let ways = ["data.", "event.data."]
        guard let way = ways.first(where: { text.utf8.starts(with: $0.utf8) }) else { return nil }
        var values: [String] = []
        for type in types {
            guard let index = type.schema.index(of: String(text.dropFirst(way.count))),
                case .oneOf(let named) = type.schema.members[index].type
            else { return nil }
            for value in named where !values.contains(value) { values.append(value) }
        }
        return values
    }

    private typealias Compiled = (output: TablePlan.Output, type: CELType)

    private func record(_ source: TableSource, _ names: [String], _ outputs: [[Compiled?]]) -> RecordType {
        var fields: [RecordType.Field] = []
        for name in names {
            var found: CELType?
            for (row, compiled) in zip(source.rows, outputs) {
                guard let index = row.outputs.firstIndex(where: { $0.name == name }), let type = compiled[index]?.type
                else { continue }
                if let first = found, first != type, first != .dyn, type != .dyn {
                    file.error(
                        row.outputs[index].value.place,
                        "output `\(name)` is \(TypeText.describe(type)), in a row above \(TypeText.describe(first))"
                    )
                }
                found = found == nil || found == type ? type : .dyn
            }
            fields.append(RecordType.Field(name, found ?? .dyn))
        }
        return RecordType("table", fields)
    }

    private func output(_ node: YamlNode, _ scope: RuleScope) -> Compiled? {
        switch node.scalar {
        case .bool(let value): return (.constant(.bool(value)), .bool)
        case .int(let value): return (.constant(.int(value)), .int)
        case .double(let value): return (.constant(.double(value)), .double)
        case .string:
            guard let expression = node.expression, let program = rule.compile(expression, in: scope) else {
                return nil
            }
            return (.program(program), program.resultType)
        case .null, .tooLarge, nil:
            file.error(node.place, "an output must be a number, true, false or CEL, is \(node.described)")
            return nil
        }
    }

    private func condition(
        _ source: TableSource.Row.Condition, _ inputs: [TableSource.Input], _ types: [CELType], _ scope: RuleScope
    ) -> TablePlan.Condition? {
        switch source {
        case .always: return .always
        case .expression(let expression):
            return rule.program(expression, scope, [.bool], "`when` of a row").map { .program($0) }
        case .cells(let cells):
            var compiled: [TablePlan.Cell] = []
            for (input, node) in cells {
                var tests: [TablePlan.Test] = []
                for element in node.elements ?? [node] {
                    guard let test = CellTest.read(element, as: types[input], in: file) else { return nil }
                    tests.append(test)
                }
                compiled.append(TablePlan.Cell(input: input, tests: tests))
            }
            return .cells(compiled)
        }
    }
}
