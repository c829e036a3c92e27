import AgentKit

/// Verdict of a part of a condition on an event of which only the type and one text of its data are known. Where a part of an
/// `&&` chain is false, the condition is, whatever the others say.
indirect enum RuleGuard: Equatable {
    /// A member of the data is one of some texts.
    case text(member: String, [[UInt8]])
    /// The event is of a type.
    case type(String)
    case not(RuleGuard)
    case all([RuleGuard])
    case choice(RuleGuard, then: RuleGuard, else: RuleGuard)
    case unknown

    /// Reads a condition; of a chain, the parts before the first whose cost grows with its input: beyond the cost limit a
    /// condition fails, whatever comes later.
    init(_ condition: SyntaxView, _ syntax: RuleSyntax) {
        let parts = Self.chain(condition)
        let bounded = parts.prefix { Self.isBounded($0, syntax) }
        let guards = bounded.map { Self.part($0, syntax) }.filter { $0 != .unknown }
        self = guards.isEmpty ? .unknown : .all(guards)
    }

    /// Returns true or false where the type and the text of one member decide the condition, else nil. A nil `text` stands
    /// for any text other than those asked for.
    func holds(type: String, member: String, text: [UInt8]?) -> Bool? {
        func holds(_ part: RuleGuard) -> Bool? { part.holds(type: type, member: member, text: text) }
        switch self {
        case .text(let asked, let texts) where asked == member: return text.map(texts.contains) ?? false
        case .text, .unknown: return nil
        case .type(let name): return name == type
        case .not(let part): return holds(part).map { !$0 }
        case .all(let parts):
            let known = parts.map(holds)
            return known.contains(false) ? false : known.contains(nil) ? nil : true
        case .choice(let condition, let first, let second):
            return holds(condition).flatMap { $0 ? holds(first) : holds(second) }
        }
    }

    /// The texts asked for, by the members that are to be them.
    var texts: [(member: String, texts: [[UInt8]])] {
        switch self {
        case .text(let member, let texts): [(member, texts)]
        case .type, .unknown: []
        case .not(let part): part.texts
        case .all(let parts): parts.flatMap(\.texts)
        case .choice(let condition, let first, let second): condition.texts + first.texts + second.texts
        }
    }

    /// The parts of an `&&` chain in order.
    private static func chain(_ view: SyntaxView) -> [SyntaxView] {
        guard case .and(let parts) = view.form else { return [view] }
        return parts.flatMap(chain)
    }

    private static func part(_ view: SyntaxView, _ syntax: RuleSyntax) -> RuleGuard {
        let view = syntax.definition(view)
        switch view.form {
        case .and(let parts): return .all(parts.map { part($0, syntax) })
        case .call("!_", let operands) where operands.count == 1:
            let inner = part(operands[0], syntax)
            return inner == .unknown ? .unknown : .not(inner)
        case .call("_==_", let operands) where operands.count == 2:
            return equality(operands[0], operands[1], syntax) ?? equality(operands[1], operands[0], syntax) ?? .unknown
        case .call("@in", let operands) where operands.count == 2:
            guard let member = member(operands[0], syntax), let texts = texts(operands[1], syntax) else {
                return .unknown
            }
            return .text(member: member, texts)
        case .conditional(let condition, let first, let second):
            let condition = part(condition, syntax)
            guard condition != .unknown else { return .unknown }
            return .choice(condition, then: part(first, syntax), else: part(second, syntax))
        default: return .unknown
        }
    }

    private static func equality(_ subject: SyntaxView, _ constant: SyntaxView, _ syntax: RuleSyntax) -> RuleGuard? {
        guard let text = syntax.constant(constant)?.stringValue else { return nil }
        if let member = member(subject, syntax) { return .text(member: member, [Array(text.utf8)]) }
        guard case .member(let event, "type") = syntax.definition(subject).form, case .variable("event") = event.form
        else { return nil }
        return .type(text)
    }

    /// The name of a member of the event's data that is a text, be it one that may be absent and has a text instead.
    private static func member(_ view: SyntaxView, _ syntax: RuleSyntax) -> String? {
        let view = syntax.definition(view)
        if case .call("orValue", let operands) = view.form, operands.count == 2,
            syntax.constant(operands[1])?.stringValue != nil
        {
            return ofData(operands[0], .optional(.string))
        }
        return ofData(view, .string)
    }

    private static func ofData(_ view: SyntaxView, _ type: CELType) -> String? {
        guard case .member(let data, let name) = view.form, view.type == type,
            case .member(let event, "data") = data.form, case .variable("event") = event.form
        else { return nil }
        return name
    }

    private static func texts(_ view: SyntaxView, _ syntax: RuleSyntax) -> [[UInt8]]? {
        let values: [Value?]
        if case .list(let elements) = view.form {
            values = elements.map { syntax.constant($0) }
        } else if let list = syntax.constant(view), let count = list.listCount {
            values = (0..<count).map { list.element($0) }
        } else {
            return nil
        }
        let texts = values.compactMap { $0?.stringValue.map { Array($0.utf8) } }
        return texts.count == values.count ? texts : nil
    }

    /// Returns true if the cost of a part does not depend on the data that it reads.
    private static func isBounded(_ view: SyntaxView, _ syntax: RuleSyntax) -> Bool {
        let view = syntax.definition(view)
        switch view.form {
        case .call("@in", let operands) where operands.count == 2:
            if texts(operands[1], syntax) != nil { return isBounded(operands[0], syntax) }
            if case .list = operands[1].type { return false }
        case .call(let function, _): guard simple.contains(function) else { return false }
        case .literal, .variable, .member, .element, .conditional, .and: break
        case .local, .list, .map, .other: return false
        }
        return view.children.allSatisfy { isBounded($0, syntax) }
    }

    private static let simple: Set = ["_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "!_", "orValue"]
}
