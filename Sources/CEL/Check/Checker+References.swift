/// Which variables and members an expression reads, and which of them `has` guards.
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

    /// Replaces the reference that the operand of a selection made by the one of the whole.
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

    /// Whether the expression is a variable followed by selections alone.
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

    /// Notes what `has` tests in a condition establish for what is evaluated after it.
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
