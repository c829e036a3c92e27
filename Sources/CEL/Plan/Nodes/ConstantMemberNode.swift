/// `operand in [constants]`.
final class ConstantMemberNode: Node, @unchecked Sendable {
    private let operand: Node
    private let set: ConstantSet

    init(_ operand: Node, _ set: ConstantSet) {
        self.operand = operand
        self.set = set
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        let value = operand.evaluate(activation)
        if case .error = value { return Truth(value, activation) }
        return Truth(set.contains(value))
    }
}
