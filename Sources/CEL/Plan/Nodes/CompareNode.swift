final class CompareNode: Node, @unchecked Sendable {
    private let comparison: Comparison
    private let left: Node
    private let right: Node

    init(_ comparison: Comparison, _ left: Node, _ right: Node) {
        self.comparison = comparison
        self.left = left
        self.right = right
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        comparison.compare(left.evaluate(activation), right.evaluate(activation), activation)
    }
}
