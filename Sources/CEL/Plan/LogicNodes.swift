/// `&&` of two; a false on either side decides, whatever the other is.
final class AndNode: Node, @unchecked Sendable {
    private let left: Node
    private let right: Node

    init(_ left: Node, _ right: Node) {
        self.left = left
        self.right = right
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        switch left.truth(activation) {
        case .no: return .no
        case .yes: return right.truth(activation)
        case .failed:
            let failure = activation.failure
            if right.truth(activation) == .no { return .no }
            activation.failure = failure
            return .failed
        }
    }
}

/// `||` of two; a true on either side decides, whatever the other is.
final class OrNode: Node, @unchecked Sendable {
    private let left: Node
    private let right: Node

    init(_ left: Node, _ right: Node) {
        self.left = left
        self.right = right
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        switch left.truth(activation) {
        case .yes: return .yes
        case .no: return right.truth(activation)
        case .failed:
            let failure = activation.failure
            if right.truth(activation) == .yes { return .yes }
            activation.failure = failure
            return .failed
        }
    }
}

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
