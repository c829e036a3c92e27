/// Whether an expression can be what its place wants; literals are compared with declared records member by member.
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

    /// Assignable, or an int where a double is declared.
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
