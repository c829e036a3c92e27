import AgentKit

/// Finds where an expression of a fold can be in error: what that leaves as it was is said when the rules are checked. That a
/// sum passes the largest integer is not looked for.
struct FoldCheck {
    /// The texts that members can be, by record and member.
    let texts: [String: [String: [String]]]

    /// Functions that fail on some arguments of the right type.
    private static let partial: Set<String> = [
        "value", "charAt", "substring", "format", "base64.decode", "allot", "basisPoints", "money", "matches",
        "replace",
    ]
    /// Conversions, which fail on texts that say no such value.
    private static let conversions: Set<String> = ["int", "uint", "double", "bool", "timestamp", "duration"]

    /// Each place with what can go wrong there, by offset.
    func doubts(_ view: SyntaxView, _ wanted: DeclaredType) -> [(offset: Int, problem: String)] {
        var doubts: [(offset: Int, problem: String)] = []
        visit(view) { part in
            if let problem = doubt(part) { doubts.append((part.offset, problem)) }
        }
        if let problem = misfit(view, wanted) { doubts.append((view.offset, problem)) }
        return doubts
    }

    private func visit(_ view: SyntaxView, _ body: (SyntaxView) -> Void) {
        body(view)
        for child in view.children { visit(child, body) }
    }

    private func doubt(_ view: SyntaxView) -> String? {
        switch view.form {
        case .element(let operand, let index):
            guard !Self.isOptional(view.type), !Self.isOptional(operand.type) else { return nil }
            return "there may be no `\(index.text)` in `\(operand.text)`; `[?\(index.text)]` asks for it"
        case .member(let operand, let name):
            guard !Self.isOptional(view.type) else { return nil }
            switch operand.type {
            case .map, .dyn: return "there may be no `\(name)` in `\(operand.text)`; `.?\(name)` asks for it"
            default: return nil
            }
        case .call(let name, let arguments): return doubt(name, arguments, view)
        default: return nil
        }
    }

    private func doubt(_ name: String, _ arguments: [SyntaxView], _ view: SyntaxView) -> String? {
        switch name {
        case "_/_", "_%_":
            guard let divisor = arguments.last, divisor.type == .int || divisor.type == .uint else { return nil }
            if case .literal(.int(let number)) = divisor.form, number != 0 { return nil }
            return "`\(divisor.text)` may be 0"
        case "matches":
            if case .literal? = arguments.last?.form { return nil }
            return "`\(view.text)` can fail"
        case _ where Self.conversions.contains(name):
            guard let argument = arguments.first, argument.type == .string || argument.type == .dyn else { return nil }
            if case .literal = argument.form { return nil }
            return "`\(argument.text)` may be no \(name)"
        case "amountOf":
            guard case .literal? = arguments.last?.form else { return "`\(view.text)` can fail" }
            return nil
        case _ where Self.partial.contains(name): return "`\(view.text)` can fail"
        default:
            guard arguments.contains(where: { $0.type == .dyn }), name.hasPrefix("_"), name != "_==_", name != "_!=_"
            else {
                return nil
            }
            return "`\(view.text)` can fail, as the type of a part of it is not known"
        }
    }

    /// What may keep the value from being of the type; nil where nothing does.
    private func misfit(_ view: SyntaxView, _ wanted: DeclaredType) -> String? {
        if case .oneOf(let values) = wanted {
            guard !isOne(of: values, view) else { return nil }
            return "`\(view.text)` may be none of \(values.map { "`\($0)`" }.joined(separator: ", "))"
        }
        if case .dyn = wanted { return nil }
        if case .record(let schema) = wanted {
            guard !isWhole(schema, view) else { return nil }
            return "`\(view.text)` may be no \(wanted.text)"
        }
        guard Self.isUnknown(view.type) else { return nil }
        return "`\(view.text)` may be no \(wanted.text)"
    }

    /// Whether a text is known to be one of these.
    private func isOne(of values: [String], _ view: SyntaxView) -> Bool {
        switch view.form {
        case .literal(let value): return value.stringValue.map(values.contains) ?? false
        case .conditional(_, let first, let second): return isOne(of: values, first) && isOne(of: values, second)
        case .member(let operand, let name):
            guard case .record(let record) = operand.type, let known = texts[record]?[name] else { return false }
            return known.allSatisfy(values.contains)
        default: return false
        }
    }

    /// Whether a map is known to be a record: written out, or one already.
    private func isWhole(_ schema: RecordSchema, _ view: SyntaxView) -> Bool {
        if case .record(let name) = view.type { return name == schema.name }
        guard case .map(let entries) = view.form else { return false }
        var found: Set<String> = []
        for entry in entries {
            guard case .literal(let key) = entry.key.form, let name = key.stringValue,
                let index = schema.index(of: name), schema.members[index].type.mayBe(entry.value.type),
                misfit(entry.value, schema.members[index].type) == nil
            else { return false }
            found.insert(name)
        }
        return schema.members.allSatisfy { $0.isOptional || found.contains($0.name) }
    }

    private static func isOptional(_ type: CELType) -> Bool { if case .optional = type { true } else { false } }

    /// Whether it is not known of what type a value, or a part of it, is.
    private static func isUnknown(_ type: CELType) -> Bool {
        switch type {
        case .dyn: true
        case .list(let element): isUnknown(element)
        case .map(_, let value): isUnknown(value)
        case .optional(let value): isUnknown(value)
        default: false
        }
    }
}
