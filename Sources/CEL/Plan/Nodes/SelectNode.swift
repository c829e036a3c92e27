/// `operand.name`.
final class SelectNode: Node, @unchecked Sendable {
    private let operand: Node
    private let name: FieldName
    private let conversion: Conversion
    private let absence: Value

    init(_ operand: Node, _ name: FieldName, _ conversion: Conversion) {
        self.operand = operand
        self.name = name
        self.conversion = conversion
        absence = Select.absence(name)
    }

    override func evaluate(_ activation: Activation) -> Value {
        Select.member(operand.evaluate(activation), name, conversion, absence)
    }
}
