/// `&&` of two operands: false on either side decides, even if the other fails.
final class AndNode: Node, @unchecked Sendable {
    private let left: Node
    private let right: Node

    init(_ left: Node, _ right: Node) {
        self.left = left
        self.right = right
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        either(left, right, deciding: .no, activation)
    }
}

/// `||` of two operands: true on either side decides, even if the other fails.
final class OrNode: Node, @unchecked Sendable {
    private let left: Node
    private let right: Node

    init(_ left: Node, _ right: Node) {
        self.left = left
        self.right = right
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        either(left, right, deciding: .yes, activation)
    }
}

/// The outcome of two operands where `deciding` on either side decides; inlined, so that it is a constant.
@inline(__always)
private func either(_ left: Node, _ right: Node, deciding: Truth, _ activation: Activation) -> Truth {
    let first = left.truth(activation)
    if first == deciding { return deciding }
    if first != .failed { return right.truth(activation) }
    let failure = activation.failure
    if right.truth(activation) == deciding { return deciding }
    activation.failure = failure
    return .failed
}

/// `!operand`.
final class NotNode: Node, @unchecked Sendable {
    private let operand: Node

    init(_ operand: Node) { self.operand = operand }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        switch operand.truth(activation) {
        case .yes: .no
        case .no: .yes
        case .failed: .failed
        }
    }
}

/// `condition ? first : second`; only the chosen branch is evaluated.
final class ConditionalNode: Node, @unchecked Sendable {
    private let condition: Node
    private let first: Node
    private let second: Node

    init(_ condition: Node, _ first: Node, _ second: Node) {
        self.condition = condition
        self.first = first
        self.second = second
    }

    override func evaluate(_ activation: Activation) -> Value {
        switch condition.truth(activation) {
        case .yes: first.evaluate(activation)
        case .no: second.evaluate(activation)
        case .failed: activation.failure
        }
    }

    override func truth(_ activation: Activation) -> Truth {
        switch condition.truth(activation) {
        case .yes: first.truth(activation)
        case .no: second.truth(activation)
        case .failed: .failed
        }
    }
}

/// `or` and `orValue`: the alternative is evaluated only if needed.
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

/// `cel.bind` and the optional maps: a value in a local, then an expression that uses it.
final class BindNode: Node, @unchecked Sendable {
    private let kind: Expression.BindKind
    private let index: Int
    private let value: Node
    private let body: Node

    init(_ kind: Expression.BindKind, _ index: Int, _ value: Node, _ body: Node) {
        self.kind = kind
        self.index = index
        self.value = value
        self.body = body
    }

    override func evaluate(_ activation: Activation) -> Value {
        var bound = value.evaluate(activation)
        if kind != .plain {
            guard case .optional(let content) = bound else {
                if case .error = bound { return bound }
                return .noOverload
            }
            guard let inner = content.value else { return bound }
            bound = inner
        }
        activation.setFrameLocal(index, bound)
        let result = body.evaluate(activation)
        activation.setFrameLocal(index, .null)
        switch (kind, result) {
        case (.plain, _), (_, .error): return result
        case (.optionalMap, _): return .some(result)
        case (.optionalFlatMap, .optional): return result
        case (.optionalFlatMap, _): return .noOverload
        }
    }
}

/// `cel.block`: values computed on first use, at most once.
final class BlockNode: Node, @unchecked Sendable {
    private let base: Int
    private let count: Int
    private let body: Node

    init(base: Int, count: Int, _ body: Node) {
        self.base = base
        self.count = count
        self.body = body
    }

    override func evaluate(_ activation: Activation) -> Value {
        for index in base..<(base + count * 2) { activation.setFrameLocal(index, .null) }
        let result = body.evaluate(activation)
        for index in base..<(base + count * 2) { activation.setFrameLocal(index, .null) }
        return result
    }
}

/// One value of a block, in two locals: a flag that it is computed, and the value.
final class LazyNode: Node, @unchecked Sendable {
    private let index: Int
    private let value: Node

    init(_ index: Int, _ value: Node) {
        self.index = index
        self.value = value
    }

    override func evaluate(_ activation: Activation) -> Value {
        if case .bool = activation.frameLocal(index) { return activation.frameLocal(index + 1) }
        let result = value.evaluate(activation)
        activation.setFrameLocal(index + 1, result)
        activation.setFrameLocal(index, .bool(true))
        return result
    }
}
