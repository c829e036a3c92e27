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
