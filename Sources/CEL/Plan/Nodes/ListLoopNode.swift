/// `map`, `filter` and `transformList`.
final class ListLoopNode: Node, @unchecked Sendable {
    private let loop: Loop
    private let filter: Node?
    /// The element of the result; the variable itself where there is none.
    private let transform: Node?

    init(_ loop: Loop, filter: Node?, transform: Node?) {
        self.loop = loop
        self.filter = filter
        self.transform = transform
    }

    override func evaluate(_ activation: Activation) -> Value {
        var result: [Value] = []
        var failure: Value?
        let range = loop.range.evaluate(activation)
        let stop = loop.run(activation, over: range) {
            if let filter {
                switch filter.truth(activation) {
                case .yes: break
                case .no: return true
                case .failed:
                    failure = activation.failure
                    return false
                }
            }
            let value = transform?.evaluate(activation) ?? activation.frameLocal(loop.first)
            if case .error = value {
                failure = value
                return false
            }
            result.append(value)
            return true
        }
        return stop ?? failure ?? .list(result)
    }
}
