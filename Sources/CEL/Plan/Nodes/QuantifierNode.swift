/// `all` and `exists`: errors are absorbed where a later element decides.
final class QuantifierNode: Node, @unchecked Sendable {
    private let loop: Loop
    private let predicate: Node
    /// What a predicate must be to decide.
    private let deciding: Bool

    init(_ loop: Loop, _ predicate: Node, deciding: Bool) {
        self.loop = loop
        self.predicate = predicate
        self.deciding = deciding
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        var isDecided = false
        var failure: Value?
        let range = loop.range.evaluate(activation)
        let stop = loop.run(activation, over: range) {
            switch predicate.truth(activation) {
            case .yes: isDecided = deciding
            case .no: isDecided = !deciding
            case .failed: if failure == nil { failure = activation.failure }
            }
            return !isDecided
        }
        if isDecided { return Truth(deciding) }
        if let problem = stop ?? failure { return Truth(problem, activation) }
        return Truth(!deciding)
    }
}
