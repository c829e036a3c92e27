import AgentKit

/// The parameters of a rule file: YAML values, in which texts are CEL of constants.
struct Parameters {
    private(set) var value: Value = .map(MapValue([]))
    private(set) var record = RecordType("params", [])
    /// The names below each map, by its path: for the check of what a rule selects.
    private var names: [[String]: [String]] = [:]
    /// Cost units that the parameters of one file may still take.
    private var costLeft: UInt64 = 1_000_000

    init() {}

    /// Notes in the file what is wrong.
    init(_ entries: [YamlNode.Entry], in file: SourceFile, environment: Environment) {
        let expressions = ExpressionCompiler(file: file)
        let activation = Activation(slots: environment.variables.count)
        var values: [(String, Value)] = []
        var fields: [RecordType.Field] = []
        for entry in entries {
            guard RuleReader.isName(entry.key) else {
                file.error(entry.keyPlace, "`\(entry.key)` is not a name for a parameter")
                continue
            }
            guard let (value, type) = read(entry.value, [entry.key], expressions, environment, activation) else {
                continue
            }
            values.append((entry.key, value))
            fields.append(RecordType.Field(entry.key, type))
        }
        value = .map(MapValue(values))
        record = RecordType("params", fields)
    }

    private mutating func read(
        _ node: YamlNode, _ path: [String], _ expressions: ExpressionCompiler, _ environment: Environment,
        _ activation: Activation
    ) -> (Value, CELType)? {
        switch node.content {
        case .scalar: return scalar(node, expressions, environment, activation)
        case .sequence(let elements):
            let read = elements.compactMap { self.read($0, path + ["[]"], expressions, environment, activation) }
            guard read.count == elements.count else { return nil }
            return (.list(read.map(\.0)), .list(Self.common(read.map(\.1))))
        case .mapping(let entries):
            names[path] = entries.map(\.key)
            var values: [(String, Value)] = []
            var types: [CELType] = []
            for entry in entries {
                guard let (value, type) = read(entry.value, path + [entry.key], expressions, environment, activation)
                else { return nil }
                values.append((entry.key, value))
                types.append(type)
            }
            return (.map(MapValue(values)), .map(.string, Self.common(types)))
        }
    }

    private mutating func scalar(
        _ node: YamlNode, _ expressions: ExpressionCompiler, _ environment: Environment, _ activation: Activation
    ) -> (Value, CELType)? {
        switch node.scalar {
        case .null, nil: return (.null, .null)
        case .bool(let value): return (.bool(value), .bool)
        case .int(let value): return (.int(value), .int)
        case .double(let value): return (.double(value), .double)
        case .tooLarge:
            expressions.file.error(node.place, "the integer is beyond 64 bits")
            return nil
        case .string:
            guard let expression = node.expression, let program = expressions.compile(expression, in: environment)
            else { return nil }
            activation.costLimit = costLeft
            let value = program.evaluate(activation)
            costLeft -= min(costLeft, activation.cost)
            if let error = value.errorValue {
                expressions.file.error(node.place, "the parameter cannot be computed: \(error.message)")
                return nil
            }
            return (value, program.resultType)
        }
    }

    private static func common(_ types: [CELType]) -> CELType {
        guard let first = types.first, types.allSatisfy({ $0 == first }) else { return .dyn }
        return first
    }

    /// The problem with a path that a rule selects below `params`, or nil.
    func problem(_ path: [String]) -> String? {
        for depth in path.indices.dropFirst() {
            guard let known = names[Array(path[..<depth])] else { return nil }
            guard !known.contains(path[depth]) else { continue }
            let place = path[..<depth].joined(separator: ".")
            return "unknown name `\(path[depth])` in `params.\(place)`\(Spelling.hint(path[depth], among: known))"
        }
        return nil
    }
}
