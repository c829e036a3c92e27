/// A node of a compiled expression: one call evaluates it.
class Node: @unchecked Sendable {
    func evaluate(_ activation: Activation) -> Value { .noOverload }

    /// The value as a condition; if it has no outcome, `activation.failure` holds the error.
    func truth(_ activation: Activation) -> Truth { Truth(evaluate(activation), activation) }

    /// The value, if it is known at compile time.
    var constant: Value? { nil }
}

/// A condition's outcome.
enum Truth {
    case no, yes
    /// An error, or not a bool: see `Activation.failure`.
    case failed

    @inline(__always)
    init(_ value: Value, _ activation: Activation) {
        switch value {
        case .bool(let flag): self = flag ? .yes : .no
        case .error:
            activation.failure = value
            self = .failed
        default:
            activation.failure = .noOverload
            self = .failed
        }
    }

    @inline(__always)
    init(_ flag: Bool) { self = flag ? .yes : .no }

    @inline(__always)
    func value(_ activation: Activation) -> Value {
        switch self {
        case .no: .bool(false)
        case .yes: .bool(true)
        case .failed: activation.failure
        }
    }
}

/// A constant.
final class ConstantNode: Node, @unchecked Sendable {
    private let value: Value

    init(_ value: Value) { self.value = value }

    override func evaluate(_ activation: Activation) -> Value { value }
    override var constant: Value? { if case .error = value { nil } else { value } }
}

/// A variable of the activation, by its slot.
final class SlotNode: Node, @unchecked Sendable {
    let slot: Int

    init(_ slot: Int) { self.slot = slot }

    override func evaluate(_ activation: Activation) -> Value { activation.slotValue(slot) }
}

/// A local variable of a macro, by its index in the frame.
final class LocalNode: Node, @unchecked Sendable {
    let index: Int

    init(_ index: Int) { self.index = index }

    override func evaluate(_ activation: Activation) -> Value { activation.frameLocal(index) }
}

/// A standard function of one operand.
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

/// A standard function of two operands.
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

/// A call that passes its arguments in consecutive locals.
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

/// Chooses among the overloads of a declared function by the types of the arguments.
enum Dispatch {
    static func body(_ function: Function) -> Builtin.Nary {
        let overloads = function.overloads.map { overload in
            let rivals = function.overloads.count { $0.parameters.count == overload.parameters.count }
            return (overload: overload, isOnlyOne: rivals == 1)
        }
        return { arguments in
            for (overload, isOnlyOne) in overloads where overload.parameters.count == arguments.count {
                if !isOnlyOne, !accepts(overload.parameters, arguments) { continue }
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
        case .record: value.isMap
        default: value.runtimeType.name == type.name
        }
    }
}
