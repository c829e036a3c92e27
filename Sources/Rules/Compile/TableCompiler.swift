import AgentKit

/// Compiles a rule's decision table and reports what its rows leave out or can never give.
struct TableCompiler {
    let rule: RuleCompiler
    private var file: SourceFile { rule.file }

    init(rule: RuleCompiler) { self.rule = rule }

    /// Declares `table` in the scope; nil after noting the errors.
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
        if rule.checksMeaning {
            let domains = source.inputs.map { domain($0.expression.text, of: seen) }
            TableCoverage(file: file, source: source, conditions: conditions, types: types, domains: domains).report()
        }
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

/// Reads one cell of a decision table: a literal of the input's type or, for numbers, `>= 5`, `< 5`, `5..9`.
enum CellTest {
    /// Returns nil after noting the errors in the file.
    static func read(_ node: YamlNode, as type: CELType, in file: SourceFile) -> TablePlan.Test? {
        switch (type, node.scalar) {
        case (.string, .string(let text)): return .equals(.string(text))
        case (.string, let scalar?):
            guard let text = node.text, scalar != .null else { break }
            return .equals(.string(text))
        case (.bool, .bool(let value)): return .equals(.bool(value))
        case (.int, .int(let value)): return .equals(.int(value))
        case (.double, .int(let value)): return .equals(.double(Double(value)))
        case (.double, .double(let value)): return .equals(.double(value))
        case (.int, .string(let text)), (.double, .string(let text)):
            if let test = range(text) { return test }
        case (.dyn, .string(let text)): return .equals(.string(text))
        case (.dyn, .bool(let value)): return .equals(.bool(value))
        case (.dyn, .int(let value)): return .equals(.int(value))
        default: break
        }
        let what = type == .money ? "money: make `.minorUnits` the input" : "a \(TypeText.describe(type))"
        file.error(node.place, "\(node.described) is not a condition on \(what)")
        return nil
    }

    private static func range(_ text: String) -> TablePlan.Test? {
        if let bound = bound(text, after: ">=") { return test(lower: bound, true, upper: nil, false) }
        if let bound = bound(text, after: "<=") { return test(lower: nil, false, upper: bound, true) }
        if let bound = bound(text, after: ">") { return test(lower: bound, false, upper: nil, false) }
        if let bound = bound(text, after: "<") { return test(lower: nil, false, upper: bound, false) }
        let bytes = Array(text.utf8)
        guard let dots = bytes.indices.dropLast().first(where: { bytes[$0] == 0x2E && bytes[$0 + 1] == 0x2E }),
            let lower = number(String(decoding: bytes[..<dots], as: UTF8.self)),
            let upper = number(String(decoding: bytes[(dots + 2)...], as: UTF8.self)), lower <= upper
        else { return nil }
        return test(lower: lower, true, upper: upper, true)
    }

    private static func test(lower: Double?, _ low: Bool, upper: Double?, _ high: Bool) -> TablePlan.Test {
        .range(lower: lower, lowerIsIncluded: low, upper: upper, upperIsIncluded: high)
    }

    private static func bound(_ text: String, after sign: String) -> Double? {
        text.hasPrefix(sign) ? number(String(text.dropFirst(sign.count))) : nil
    }

    private static func number(_ text: String) -> Double? {
        var digits = text[...]
        while digits.first == " " { digits = digits.dropFirst() }
        while digits.last == " " { digits = digits.dropLast() }
        switch YamlScalar(plain: String(digits)) {
        case .int(let value) where value.magnitude <= Limits.integerMagnitudeMax.magnitude: return Double(value)
        case .double(let value) where value.isFinite: return value
        default: return nil
        }
    }
}

extension TablePlan.Test {
    /// Returns true if an input's value passes.
    func holds(_ value: Value) -> Bool {
        switch (self, value) {
        case (.equals(.string(let wanted)), _):
            return value.stringValue.map { $0.utf8.elementsEqual(wanted.utf8) } ?? false
        case (.equals(.bool(let wanted)), .bool(let found)): return wanted == found
        case (.equals(.int(let wanted)), .int(let found)): return wanted == found
        case (.equals(.double(let wanted)), .double(let found)): return wanted == found
        case (.range(let lower, let low, let upper, let high), .int(let found)):
            return Self.isWithin(Double(found), lower, low, upper, high)
        case (.range(let lower, let low, let upper, let high), .double(let found)):
            return Self.isWithin(found, lower, low, upper, high)
        default: return false
        }
    }

    private static func isWithin(_ value: Double, _ lower: Double?, _ low: Bool, _ upper: Double?, _ high: Bool) -> Bool
    {
        if let lower, !(low ? value >= lower : value > lower) { return false }
        if let upper, !(high ? value <= upper : value < upper) { return false }
        return true
    }
}
