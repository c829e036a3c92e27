/// `has(operand.name)`.
final class PresenceNode: Node, @unchecked Sendable {
    private let operand: Node
    private let name: FieldName

    init(_ operand: Node, _ name: FieldName) {
        self.operand = operand
        self.name = name
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        Select.isPresent(operand.evaluate(activation), name, activation)
    }
}
