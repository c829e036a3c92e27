/// Resolves names and infers types over a syntax tree; it only rejects, it never changes a result.
struct Checker {
    let environment: CELEnvironment
    let source: SourceText
    var inference = TypeInference()
    private(set) var diagnostics: [Diagnostic] = []
    /// Set once the expression binds variables of its own.
    private var binds = false
    var locals: [(name: String, type: CELType)] = []
    var references: [Reference] = []
    /// Paths known to be present because `has` was tested, outermost first.
    var guards: [String] = []

    init(_ environment: CELEnvironment, _ source: SourceText) {
        self.environment = environment
        self.source = source
    }

    var sortedDiagnostics: [Diagnostic] {
        diagnostics.sorted { ($0.offset, $0.message) < ($1.offset, $1.message) }
    }

    /// Checks the whole tree and returns its type; problems are collected in `diagnostics`.
    mutating func run(_ tree: Expression, expecting: CELType?) -> CELType {
        let type = check(tree)
        if let expecting { conform(tree, to: expecting) }
        if binds, ValueDepth.of(tree) > ValueDepth.levelsMax {
            report(tree.extent, "the expression builds values nested deeper than \(ValueDepth.levelsMax)")
        }
        return inference.resolve(type, finally: true)
    }

    mutating func report(_ range: Range<Int>, _ message: String) {
        guard diagnostics.count < 20 else { return }
        diagnostics.append(source.diagnostic(range, message))
    }

    func name(_ type: CELType) -> String { inference.resolve(type, finally: true).description }

    @discardableResult
    mutating func check(_ tree: Expression) -> CELType {
        let type = infer(tree)
        tree.type = type
        return type
    }

    /// Checks a subtree and returns its type with known type variables replaced.
    mutating func resolved(_ tree: Expression) -> CELType {
        let type = check(tree)
        return inference.resolve(type)
    }

    private mutating func infer(_ tree: Expression) -> CELType {
        switch tree.kind {
        case .invalid: return .error
        case .literal(let value): return Self.type(of: value)
        case .identifier(let name): return identifier(tree, name)
        case .select(let operand, let field, let mode): return select(tree, operand, field, mode)
        case .index(let operand, let index, let isOptional): return self.index(tree, operand, index, isOptional)
        case .call(let name, let target, let arguments): return call(tree, name, target, arguments)
        case .list(let elements): return list(elements)
        case .map(let entries): return map(entries)
        case .and(let parts): return chain(parts, isAnd: true)
        case .or(let parts): return chain(parts, isAnd: false)
        case .conditional(let condition, let first, let second): return conditional(tree, condition, first, second)
        case .comprehension(let comprehension): return self.comprehension(comprehension)
        case .bind(let kind, let name, let value, let body): return bind(kind, name, value, body)
        case .block(let values, let body): return block(values, body)
        }
    }

    private static func type(of value: Value) -> CELType {
        switch value {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        default: .dyn
        }
    }

    private mutating func list(_ elements: [Expression.Element]) -> CELType {
        var joined: CELType?
        for element in elements {
            let type = optionalElement(element.value, element.isOptional)
            joined = inference.join(joined, type)
        }
        return .list(joined ?? inference.fresh())
    }

    private mutating func map(_ entries: [Expression.Entry]) -> CELType {
        var key: CELType?
        var value: CELType?
        for entry in entries {
            let keyType = check(entry.key)
            let valueType = optionalElement(entry.value, entry.isOptional)
            key = inference.join(key, keyType)
            value = inference.join(value, valueType)
        }
        return .map(key ?? inference.fresh(), value ?? inference.fresh())
    }

    private mutating func optionalElement(_ tree: Expression, _ isOptional: Bool) -> CELType {
        let type = check(tree)
        guard isOptional else { return type }
        let content = inference.fresh()
        if inference.isAssignable(type, to: .optional(content)) {
            let resolved = inference.resolve(content)
            if case .variable = resolved, case .dyn = inference.resolve(type) { return .dyn }
            return resolved
        }
        report(tree.extent, "expected an optional, found `\(name(type))`")
        return .error
    }

    mutating func expectBool(_ tree: Expression) {
        let type = check(tree)
        if !inference.isAssignable(type, to: .bool) {
            report(tree.extent, "expected `bool`, found `\(name(type))`")
        }
    }

    private mutating func chain(_ parts: [Expression], isAnd: Bool) -> CELType {
        let mark = guards.count
        for part in parts {
            expectBool(part)
            addGuards(of: part, whenTrue: isAnd)
        }
        guards.removeSubrange(mark...)
        return .bool
    }

    private mutating func conditional(
        _ tree: Expression, _ condition: Expression, _ first: Expression, _ second: Expression
    ) -> CELType {
        let mark = guards.count
        expectBool(condition)
        addGuards(of: condition, whenTrue: true)
        let one = check(first)
        guards.removeSubrange(mark...)
        addGuards(of: condition, whenTrue: false)
        let two = check(second)
        guards.removeSubrange(mark...)
        let result = inference.fresh()
        if inference.isAssignable([one, two], to: [result, result]) { return inference.resolve(result) }
        report(tree.range, "the branches have types `\(name(one))` and `\(name(two))`")
        return .error
    }

    private mutating func bind(
        _ kind: Expression.BindKind, _ variable: String, _ value: Expression, _ body: Expression
    ) -> CELType {
        binds = true
        var type = check(value)
        if kind != .plain {
            let content = inference.fresh()
            if inference.isAssignable(type, to: .optional(content)) {
                let resolved = inference.resolve(content)
                if case .variable = resolved { type = .dyn } else { type = resolved }
            } else {
                report(value.extent, "expected an optional, found `\(name(type))`")
                type = .error
            }
        }
        locals.append((variable, type))
        let result = check(body)
        locals.removeLast()
        switch kind {
        case .plain: return result
        case .optionalMap: return .optional(result)
        case .optionalFlatMap:
            let content = inference.fresh()
            if inference.isAssignable(result, to: .optional(content)) { return .optional(inference.resolve(content)) }
            report(body.extent, "expected an optional, found `\(name(result))`")
            return .error
        }
    }

    private mutating func block(_ values: [Expression], _ body: Expression) -> CELType {
        binds = true
        for (index, value) in values.enumerated() {
            let type = check(value)
            locals.append(("@index:\(index)", type))
        }
        let result = check(body)
        locals.removeLast(values.count)
        return result
    }
}

/// Conformance of an expression to the type expected of it; literals are compared with declared records member by
/// member.
extension Checker {
    mutating func conform(_ tree: Expression, to wanted: CELType) {
        switch (tree.kind, wanted) {
        case (.map(let entries), .record(let name)):
            guard let record = environment.records[name] else { return }
            conform(tree, entries, to: record)
        case (.map(let entries), .map(let key, let value)):
            for entry in entries {
                conform(entry.key, to: key)
                conform(entry.value, to: entry.isOptional ? .optional(value) : value)
            }
        case (.list(let elements), .list(let element)):
            for one in elements { conform(one.value, to: one.isOptional ? .optional(element) : element) }
        case (.conditional(_, let first, let second), _):
            conform(first, to: wanted)
            conform(second, to: wanted)
        case (.bind(.plain, _, _, let body), _): conform(body, to: wanted)
        default:
            if !accepts(tree.type, as: wanted) {
                report(tree.extent, "expected `\(wanted)`, found `\(name(tree.type))`")
            }
        }
    }

    /// Returns whether a value is assignable, or an int where a double is declared.
    private mutating func accepts(_ type: CELType, as wanted: CELType) -> Bool {
        if inference.isAssignable(type, to: wanted) { return true }
        switch (inference.resolve(type), wanted) {
        case (.int, .double): return true
        case (.optional(let content), .optional(let other)): return accepts(content, as: other)
        default: return false
        }
    }

    private mutating func conform(_ tree: Expression, _ entries: [Expression.Entry], to record: RecordType) {
        var present: Set<String> = []
        for entry in entries {
            guard case .literal(.string(let key)) = entry.key.kind else { return }
            present.insert(key)
            guard let field = record.fields.first(where: { $0.name.utf8.elementsEqual(key.utf8) }) else {
                let hint = Suggestion.text(for: key, among: record.fields.map(\.name))
                report(entry.key.extent, "unknown field `\(key)`" + hint)
                continue
            }
            conform(entry.value, to: entry.isOptional ? .optional(field.type) : field.type)
        }
        for field in record.fields where !field.isOptional && !present.contains(field.name) {
            report(tree.range, "missing field `\(field.name)`")
        }
    }
}
