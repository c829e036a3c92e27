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
