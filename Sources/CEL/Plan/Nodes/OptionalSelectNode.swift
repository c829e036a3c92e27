/// `operand.?name`.
final class OptionalSelectNode: Node, @unchecked Sendable {
    private let operand: Node
    private let name: FieldName
    private let conversion: Conversion

    init(_ operand: Node, _ name: FieldName, _ conversion: Conversion) {
        self.operand = operand
        self.name = name
        self.conversion = conversion
    }

    override func evaluate(_ activation: Activation) -> Value {
        Select.optional(operand.evaluate(activation), name, conversion)
    }
}
