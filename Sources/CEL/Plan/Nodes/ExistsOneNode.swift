/// `exists_one`: runs over all, absorbs nothing.
final class ExistsOneNode: Node, @unchecked Sendable {
    private let loop: Loop
    private let predicate: Node

    init(_ loop: Loop, _ predicate: Node) {
        self.loop = loop
        self.predicate = predicate
    }

    override func evaluate(_ activation: Activation) -> Value {
        var count = 0
        var failure: Value?
        let range = loop.range.evaluate(activation)
        let stop = loop.run(activation, over: range) {
            switch predicate.truth(activation) {
            case .yes: count += 1
            case .no: break
            case .failed: failure = activation.failure
            }
            return failure == nil
        }
        return stop ?? failure ?? .bool(count == 1)
    }
}
