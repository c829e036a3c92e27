/// One value of a block: a local that says whether it is known, and one that holds it.
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
