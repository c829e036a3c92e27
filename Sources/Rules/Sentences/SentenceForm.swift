import AgentKit
import CEL

/// How a value is said, as far as its type tells and not the value: recorded times, lengths and codes are texts.
indirect enum SentenceForm: Sendable {
    case plain
    /// A text of an enum.
    case code
    case time
    case length
    case decimal
    case list(SentenceForm)

    init(_ type: CELType) {
        switch type {
        case .timestamp: self = .time
        case .duration: self = .length
        case .double: self = .decimal
        case .list(let element): self = .list(SentenceForm(element))
        case .optional(let content): self = SentenceForm(content)
        default: self = .plain
        }
    }

    init(_ type: DeclaredType) {
        switch type {
        case .oneOf: self = .code
        case .timestamp: self = .time
        case .duration: self = .length
        case .double: self = .decimal
        case .list(let element): self = .list(SentenceForm(element))
        default: self = .plain
        }
    }

    /// What the elements of a list have.
    var element: SentenceForm {
        if case .list(let element) = self { return element }
        return .plain
    }

    /// A value as the form has it: what was recorded as a text or as a whole number may be more than that.
    func value(_ recorded: Value) -> Value {
        switch (self, recorded) {
        case (.decimal, .int(let number)): return .double(Double(number))
        case (.time, _):
            guard let text = recorded.stringValue, let time = Instant(rfc3339: text) else { return recorded }
            return Timestamp(milliseconds: time.milliseconds).map { .timestamp($0) } ?? recorded
        case (.length, _):
            guard let text = recorded.stringValue, let nanoseconds = SecondsText.nanoseconds(text) else {
                return recorded
            }
            return .duration(Duration(nanos: nanoseconds))
        default: return recorded
        }
    }
}

extension SentenceForm {
    /// The form of an expression: that of the member it is, or of an element or a part of one, else that of its type.
    /// - Parameter members: the types of what has a name in it.
    init(_ view: SyntaxView, _ type: CELType, members: (String) -> DeclaredType?) {
        self = Self.declared(view, members).map(SentenceForm.init) ?? SentenceForm(type)
    }

    private static func declared(_ view: SyntaxView, _ members: (String) -> DeclaredType?) -> DeclaredType? {
        switch view.form {
        case .variable(let name): return members(name)
        case .member(let operand, let name):
            switch declared(operand, members) {
            case .record(let schema): return schema.type(of: name)
            case .map(let value): return value
            default: return nil
            }
        case .element(let container, _):
            switch declared(container, members) {
            case .list(let element): return element
            case .map(let value): return value
            default: return nil
            }
        case .call("orValue", let arguments): return arguments.first.flatMap { declared($0, members) }
        case .conditional(_, let first, let second):
            guard let one = declared(first, members), let two = declared(second, members) else { return nil }
            if case (.oneOf, .oneOf) = (one, two) { return one }
            return one == two ? one : nil
        default: return nil
        }
    }
}
