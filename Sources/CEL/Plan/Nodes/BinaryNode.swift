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
