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
