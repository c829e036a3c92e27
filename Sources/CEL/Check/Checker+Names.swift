/// Resolution of identifiers and selections.
extension Checker {
    /// Position of the innermost local of that name on the stack of comprehension variables.
    func local(_ name: String) -> Int? { locals.lastIndex { $0.name == name } }

    mutating func identifier(_ tree: Expression, _ name: String) -> CELType {
        if let position = local(name) {
            tree.resolution = .local(position)
            return locals[position].type
        }
        if let alias = environment.aliases[name] {
            let variable = Expression(.identifier(alias.variable), tree.range, extent: tree.extent)
            tree.kind = .select(variable, field: alias.member, mode: .plain)
            return select(tree, variable, alias.member, .plain)
        }
        if let found = resolve(name) {
            tree.resolution = found.resolution
            if case .variable(let slot) = found.resolution {
                refer(environment.variables[slot].name, [], nil, guarded: false, tree)
            }
            return found.type
        }
        tree.resolution = .unknown
        let known = environment.variables.map(\.name) + environment.aliases.keys.sorted() + locals.map(\.name)
        let shown = name.hasPrefix(".") ? String(name.dropFirst()) : name
        report(tree.range, "unknown name `\(shown)`" + Suggestion.text(for: shown, among: known))
        return .error
    }

    /// The qualified names to try for a name in this container, innermost first.
    func candidates(_ name: String) -> [String] {
        if name.hasPrefix(".") { return [String(name.dropFirst())] }
        if environment.container.isEmpty { return [name] }
        var result: [String] = []
        var container = Substring(environment.container)
        while !container.isEmpty {
            result.append(container + "." + name)
            container = container.lastIndex(of: ".").map { container[..<$0] } ?? ""
        }
        result.append(name)
        return result
    }

    private func resolve(_ name: String) -> (resolution: Expression.Resolution, type: CELType)? {
        for candidate in candidates(name) {
            if let slot = environment.slot(of: candidate) {
                return (.variable(slot: slot), environment.variables[slot].type)
            }
            if let type = Self.typeNames[candidate] { return (.type(type), .type(type)) }
        }
        return nil
    }

    private static let typeNames: [String: CELType] = [
        "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string, "bytes": .bytes,
        "list": .list(.dyn), "map": .map(.dyn, .dyn), "null_type": .null, "type": .type(.dyn),
        "optional_type": .optional(.dyn), "google.protobuf.Timestamp": .timestamp,
        "google.protobuf.Duration": .duration,
    ]

    /// The dotted name of a chain of selections that starts at no local variable; nil for anything else.
    func qualifiedName(_ tree: Expression) -> String? {
        switch tree.kind {
        case .identifier(let name): return local(name) == nil ? name : nil
        case .select(let operand, let field, .plain): return qualifiedName(operand).map { $0 + "." + field }
        default: return nil
        }
    }

    private func root(_ tree: Expression) -> String? {
        switch tree.kind {
        case .identifier(let name): name
        case .select(let operand, _, .plain): root(operand)
        default: nil
        }
    }

    mutating func select(
        _ tree: Expression, _ operand: Expression, _ field: String, _ mode: Expression.SelectMode
    ) -> CELType {
        let root = mode == .plain ? root(tree) : nil
        if let root, environment.hasDottedVariables || root == "google" || root == ".google" {
            if let name = qualifiedName(tree), let found = resolve(name) {
                tree.resolution = found.resolution
                if case .variable(let slot) = found.resolution {
                    refer(environment.variables[slot].name, [], nil, guarded: false, tree)
                }
                return found.type
            }
        }
        let mark = references.count
        let type = resolved(operand)
        let (result, record) = fieldType(tree, type, field, mode)
        extendReference(from: mark, operand, field, record, mode != .plain, tree)
        switch mode {
        case .test: return .bool
        case .optional: return isOptional(result) ? result : .optional(result)
        case .plain: return result
        }
    }

    private func isOptional(_ type: CELType) -> Bool { if case .optional = type { true } else { false } }

    /// The type of a member and the record that declares it; optional if the operand is.
    mutating func fieldType(
        _ tree: Expression, _ operand: CELType, _ field: String, _ mode: Expression.SelectMode
    ) -> (CELType, record: String?) {
        switch operand {
        case .optional(let content):
            let (type, record) = fieldType(tree, inference.resolve(content), field, mode)
            return (.optional(type), record)
        case .map(_, let value): return (value, nil)
        case .record(let name):
            guard let fields = environment.records[name]?.fields else { return (.dyn, nil) }
            if let found = fields.first(where: { $0.name.utf8.elementsEqual(field.utf8) }) { return (found.type, name) }
            let hint = Suggestion.text(for: field, among: fields.map(\.name))
            report(tree.range, "unknown field `\(field)`" + hint)
            return (.error, nil)
        case .variable:
            _ = inference.isAssignable(.dyn, to: operand)
            return (.dyn, nil)
        case .dyn, .error: return (.dyn, nil)
        case .money:
            if let found = Money.members.first(where: { $0.name == field }) { return (found.type, nil) }
            report(
                tree.range,
                "money has no `\(field)`" + Suggestion.text(for: field, among: Money.members.map(\.name)))
            return (.error, nil)
        default:
            report(tree.range, "a value of type `\(name(operand))` has no fields")
            return (.error, nil)
        }
    }
}

/// References: the variables and members an expression reads, and those guarded by `has`.
extension Checker {
    mutating func refer(
        _ variable: String, _ path: [String], _ record: String?, guarded: Bool, _ tree: Expression
    ) {
        references.append(
            Reference(
                variable: variable, path: path, record: record,
                isGuarded: guarded || guards.contains(Self.key(variable, path)), offset: tree.range.lowerBound))
    }

    private static func key(_ variable: String, _ path: [String]) -> String {
        path.reduce(variable) { $0 + "\u{1}" + $1 }
    }

    /// Replaces the reference recorded for the operand of a selection with that of the whole selection.
    mutating func extendReference(
        from mark: Int, _ operand: Expression, _ field: String, _ record: String?, _ guarded: Bool, _ tree: Expression
    ) {
        guard references.count == mark + 1, let last = references.last, Self.isPath(operand) else { return }
        references.removeLast()
        refer(
            last.variable, last.path + [field], record, guarded: guarded || last.isGuarded && isOptional(operand), tree)
    }

    private func isOptional(_ tree: Expression) -> Bool {
        if case .optional = inference.resolve(tree.type) { true } else { false }
    }

    /// Returns whether the expression is a variable followed by selections only.
    private static func isPath(_ tree: Expression) -> Bool {
        if case .variable = tree.resolution { return true }
        switch tree.kind {
        case .select(let operand, _, let mode): return mode != .test && isPath(operand)
        case .index(let operand, let index, _):
            if case .literal(.string) = index.kind { return isPath(operand) }
            return false
        default: return false
        }
    }

    /// Records the paths that `has` tests in a condition guarantee to whatever is evaluated after it.
    mutating func addGuards(of tree: Expression, whenTrue: Bool) {
        switch tree.kind {
        case .select(_, _, .test) where whenTrue:
            if let path = path(tree) { guards.append(Self.key(path.variable, path.fields)) }
        case .and(let parts) where whenTrue: for part in parts { addGuards(of: part, whenTrue: true) }
        case .or(let parts) where !whenTrue: for part in parts { addGuards(of: part, whenTrue: false) }
        case .call("!_", nil, let arguments): addGuards(of: arguments[0], whenTrue: !whenTrue)
        default: break
        }
    }

    private func path(_ tree: Expression) -> (variable: String, fields: [String])? {
        if case .variable(let slot) = tree.resolution { return (environment.variables[slot].name, []) }
        switch tree.kind {
        case .select(let operand, let field, _): return path(operand).map { ($0.variable, $0.fields + [field]) }
        case .index(let operand, let index, _):
            guard case .literal(.string(let field)) = index.kind else { return nil }
            return path(operand).map { ($0.variable, $0.fields + [field]) }
        default: return nil
        }
    }
}
