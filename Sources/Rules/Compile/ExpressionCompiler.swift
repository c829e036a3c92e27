import AgentKit

/// Compiles the expressions of one file and turns what is wrong with them into places in the file.
struct ExpressionCompiler {
    let file: SourceFile
    var parameters = Parameters()
    /// The members that may be absent, by record.
    var optionalFields: [String: Set<String>] = [:]
    /// The types that a rule is on and that do not declare a member which others of them do, by record and member.
    var lacking: [String: [String: [String]]] = [:]

    /// Returns nil after noting the errors in the file.
    func compile(_ expression: ExpressionText, in environment: CELEnvironment) -> Program? {
        do {
            let program = try environment.compile(expression.text)
            check(program.references, expression)
            return program
        } catch {
            note(error, expression)
            return nil
        }
    }

    /// The same, with the expression's tree.
    func compileWithSyntax(
        _ expression: ExpressionText, in environment: CELEnvironment
    ) -> (Program?, SyntaxView?) {
        do {
            let (program, syntax) = try environment.compileWithSyntax(expression.text)
            check(program.references, expression)
            return (program, syntax)
        } catch {
            note(error, expression)
            return (nil, nil)
        }
    }

    private func note(_ error: CompileError, _ expression: ExpressionText) {
        for diagnostic in error.diagnostics {
            file.error(
                expression.place(diagnostic.offset, in: file), Self.message(diagnostic.message),
                length: expression.marked(diagnostic.length))
        }
        if error.diagnostics.isEmpty { file.error(expression.place(0, in: file), "not a CEL expression") }
    }

    private func check(_ references: [Reference], _ expression: ExpressionText) {
        for reference in references {
            if reference.variable == "params", let problem = parameters.problem(reference.path) {
                file.error(expression.place(reference.offset, in: file), problem)
            }
            guard let record = reference.record, let field = reference.path.last, !reference.isGuarded else { continue }
            var place: SourcePlace { expression.place(reference.offset, in: file) }
            let way = "ask `has(...)` first, or select it as `.?\(field)`"
            if let types = lacking[record]?[field] {
                let names = types.map { "`\($0)`" }.joined(separator: " and ")
                file.error(
                    place, "\(names) \(types.count == 1 ? "has" : "have") no `\(field)`: \(way)",
                    length: expression.marked(field.unicodeScalars.count))
            } else if optionalFields[record]?.contains(field) ?? false {
                file.warning(place, "`\(field)` may be absent: \(way)")
            }
        }
    }

    /// Compiles an expression whose value must be of one of the types; `what` names it in the message.
    func compile(
        _ expression: ExpressionText, in environment: CELEnvironment, as types: [CELType], what: String
    ) -> Program? {
        compile(expression, in: environment).flatMap { typed($0, expression, as: types, what: what) }
    }

    /// The program where its value is of one of the types; nil after noting that it is not.
    func typed(
        _ program: Program, _ expression: ExpressionText, as types: [CELType], what: String
    ) -> Program? {
        guard types.contains(program.resultType) || program.resultType == .dyn else {
            let wanted = types.map(TypeText.describe).joined(separator: " or ")
            let found = TypeText.describe(program.resultType)
            file.error(
                expression.place(0, in: file), "\(what) must be \(wanted), is \(found)",
                length: expression.length)
            return nil
        }
        return program
    }

    /// A personal field has a type on which nothing is defined: say what that means.
    private static func message(_ message: String) -> String {
        message.contains(TypeText.personalName) ? message + "; a personal field can only be passed on whole" : message
    }
}

/// CEL types as messages name them.
enum TypeText {
    /// The name under which personal fields pass through type checks.
    static let personalName = "personal"
    static let personal = CELType.opaque(personalName, [])

    static func describe(_ type: CELType) -> String { type == personal ? "a personal field" : type.description }
}

/// The parameters of a rule file: YAML values, in which texts are CEL of constants.
struct Parameters {
    private(set) var value: Value = .map(MapValue([]))
    private(set) var record = RecordType("params", [])
    /// The names below each map, by its path: for the check of what a rule selects.
    private var names: [[String]: [String]] = [:]
    /// Cost units that the parameters of one file may still take.
    private var costLeft: UInt64 = 1_000_000

    init() {}

    /// Notes the errors in the file.
    init(_ entries: [YamlNode.Entry], in file: SourceFile, environment: CELEnvironment) {
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
        _ node: YamlNode, _ path: [String], _ expressions: ExpressionCompiler, _ environment: CELEnvironment,
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
        _ node: YamlNode, _ expressions: ExpressionCompiler, _ environment: CELEnvironment, _ activation: Activation
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
