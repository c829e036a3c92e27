final class LocalNode: Node, @unchecked Sendable {
    let index: Int

    init(_ index: Int) { self.index = index }

    override func evaluate(_ activation: Activation) -> Value { activation.frameLocal(index) }
}
