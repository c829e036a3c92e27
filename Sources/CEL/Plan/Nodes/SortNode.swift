/// `sortBy`.
final class SortNode: Node, @unchecked Sendable {
    private let loop: Loop
    private let key: Node

    init(_ loop: Loop, _ key: Node) {
        self.loop = loop
        self.key = key
    }

    override func evaluate(_ activation: Activation) -> Value {
        let range = loop.range.evaluate(activation)
        if case .error = range { return range }
        guard range.listCount != nil else { return .noOverload }
        var keys: [Value] = []
        var elements: [Value] = []
        var failure: Value?
        let stop = loop.run(activation, over: range) {
            let value = key.evaluate(activation)
            if case .error = value {
                failure = value
                return false
            }
            keys.append(value)
            elements.append(activation.frameLocal(loop.first))
            return true
        }
        return stop ?? failure ?? Lists.sorted(elements, by: keys, activation)
    }
}
