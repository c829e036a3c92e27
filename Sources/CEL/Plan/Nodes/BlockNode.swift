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
