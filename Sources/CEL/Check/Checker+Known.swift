/// What can be said of arguments before anything is evaluated.
extension Checker {
    /// Lets the function look at what is known of the arguments of a call.
    mutating func judge(_ tree: Expression, _ function: String, _ arguments: [Expression]) {
        guard let judge = environment.functions[function]?.judge, let message = judge(arguments.map(known)) else {
            return
        }
        report(tree.extent, message)
    }

    private func known(_ tree: Expression) -> KnownArgument {
        switch tree.kind {
        case .literal(let value): return .value(value)
        case .identifier(let name):
            guard case .variable = tree.resolution, let value = environment.constants[name] else { return .unknown }
            return .value(value)
        case .select(let operand, let field, .plain): return known(operand).member(field)
        case .index(let operand, let index, false):
            guard case .literal(.string(let field)) = index.kind else { return .unknown }
            return known(operand).member(field)
        case .list(let elements):
            return elements.contains { $0.isOptional } ? .unknown : .list(elements.map { known($0.value) })
        case .map(let entries): return known(entries)
        default: return .unknown
        }
    }

    private func known(_ entries: [Expression.Entry]) -> KnownArgument {
        var members: [String: KnownArgument] = [:]
        for entry in entries {
            guard !entry.isOptional, case .literal(.string(let name)) = entry.key.kind else { return .unknown }
            members[name] = known(entry.value)
        }
        return .map(members)
    }
}
