import AgentKit

/// A guard at the start of a condition: a member of the event's data has to be one of some texts. Where the member is
/// another text, the condition is false, whatever the rest of it says.
struct RuleGuard: Equatable {
    let member: String
    let texts: [[UInt8]]

    /// The guards of the first parts of a condition; empty where it starts with anything else.
    static func leading(_ condition: SyntaxView, _ syntax: RuleSyntax) -> [RuleGuard] {
        var guards: [RuleGuard] = []
        for part in chain(condition) {
            guard let asked = RuleGuard(part, syntax) else { break }
            guards.append(asked)
        }
        return guards
    }

    /// The parts of an `&&` chain in order.
    private static func chain(_ view: SyntaxView) -> [SyntaxView] {
        guard case .and(let parts) = view.form else { return [view] }
        return parts.flatMap(chain)
    }

    private init?(_ view: SyntaxView, _ syntax: RuleSyntax) {
        guard case .call(let function, let arguments) = view.form, arguments.count == 2 else { return nil }
        switch function {
        case "_==_":
            for (subject, constant) in [(arguments[0], arguments[1]), (arguments[1], arguments[0])] {
                guard let member = Self.member(subject), let text = syntax.constant(constant)?.stringValue else {
                    continue
                }
                self.init(member: member, texts: [Array(text.utf8)])
                return
            }
            return nil
        case "@in":
            guard let member = Self.member(arguments[0]), let texts = Self.texts(arguments[1], syntax) else {
                return nil
            }
            self.init(member: member, texts: texts)
        default: return nil
        }
    }

    private init(member: String, texts: [[UInt8]]) {
        self.member = member
        self.texts = texts
    }

    /// The name of a member of the event's data that is a text.
    private static func member(_ view: SyntaxView) -> String? {
        guard case .member(let data, let name) = view.form, view.type == .string,
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
}
