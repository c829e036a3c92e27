final class UnaryNode: Node, @unchecked Sendable {
    private let operand: Node
    private let function: Builtin.Unary

    init(_ operand: Node, _ function: @escaping Builtin.Unary) {
        self.operand = operand
        self.function = function
    }

    override func evaluate(_ activation: Activation) -> Value {
        let value = operand.evaluate(activation)
        if case .error = value { return value }
        return function(value, activation)
    }
}

final class BinaryNode: Node, @unchecked Sendable {
    private let left: Node
    private let right: Node
    private let function: Builtin.Binary

    init(_ left: Node, _ right: Node, _ function: @escaping Builtin.Binary) {
        self.left = left
        self.right = right
        self.function = function
    }

    override func evaluate(_ activation: Activation) -> Value {
        let first = left.evaluate(activation)
        if case .error = first { return first }
        let second = right.evaluate(activation)
        if case .error = second { return second }
        return function(first, second, activation)
    }
}

/// A call whose arguments stand in consecutive locals.
final class CallNode: Node, @unchecked Sendable {
    private let arguments: [Node]
    private let base: Int
    private let function: Builtin.Nary

    init(_ arguments: [Node], base: Int, _ function: @escaping Builtin.Nary) {
        self.arguments = arguments
        self.base = base
        self.function = function
    }

    override func evaluate(_ activation: Activation) -> Value {
        for index in 0..<arguments.count {
            let value = arguments[index].evaluate(activation)
            if case .error = value { return value }
            activation.setFrameLocal(base + index, value)
        }
        let start = activation.localBase + base
        let result = function(Arguments(activation: activation, start: start, count: arguments.count))
        for index in 0..<arguments.count { activation.setFrameLocal(base + index, .null) }
        return result
    }
}

/// `text.matches(pattern)` with a constant pattern.
final class MatchNode: Node, @unchecked Sendable {
    private let text: Node
    private let regex: Regex

    init(_ text: Node, _ regex: Regex) {
        self.text = text
        self.regex = regex
    }

    override func evaluate(_ activation: Activation) -> Value {
        let value = text.evaluate(activation)
        if case .error = value { return value }
        return regex.matches(value, activation) ?? .noOverload
    }
}

/// `or` and `orValue`: the alternative is evaluated where it is needed.
final class AlternativeNode: Node, @unchecked Sendable {
    private let optional: Node
    private let alternative: Node
    private let unwraps: Bool

    init(_ optional: Node, _ alternative: Node, unwraps: Bool) {
        self.optional = optional
        self.alternative = alternative
        self.unwraps = unwraps
    }

    override func evaluate(_ activation: Activation) -> Value {
        let value = optional.evaluate(activation)
        guard case .optional(let content) = value else {
            if case .error = value { return value }
            return .noOverload
        }
        if let inner = content.value { return unwraps ? inner : value }
        let other = alternative.evaluate(activation)
        if unwraps { return other }
        switch other {
        case .optional, .error: return other
        default: return .noOverload
        }
    }
}

/// Chooses among the overloads of a declared function by the types of the arguments.
enum Dispatch {
    static func body(_ function: Function) -> Builtin.Nary {
        let overloads = function.overloads
        return { arguments in
            for overload in overloads where overload.parameters.count == arguments.count {
                if overloads.count > 1, !accepts(overload.parameters, arguments) { continue }
                guard arguments.charge(UInt64(overload.cost)) else { return .costPassed }
                return overload.body(arguments)
            }
            return .noOverload
        }
    }

    private static func accepts(_ parameters: [CELType], _ arguments: Arguments) -> Bool {
        for (index, parameter) in parameters.enumerated() where !accepts(parameter, arguments[index]) { return false }
        return true
    }

    private static func accepts(_ type: CELType, _ value: Value) -> Bool {
        switch type {
        case .dyn, .parameter, .variable, .opaque, .error: true
        case .record: value.mapCount != nil
        default: value.runtimeType.name == type.name
        }
    }
}
