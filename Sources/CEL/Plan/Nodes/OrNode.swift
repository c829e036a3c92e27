/// `||` of two; a true on either side decides, whatever the other is.
final class OrNode: Node, @unchecked Sendable {
    private let left: Node
    private let right: Node

    init(_ left: Node, _ right: Node) {
        self.left = left
        self.right = right
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        switch left.truth(activation) {
        case .yes: return .yes
        case .no: return right.truth(activation)
        case .failed:
            let failure = activation.failure
            if right.truth(activation) == .yes { return .yes }
            activation.failure = failure
            return .failed
        }
    }
}
