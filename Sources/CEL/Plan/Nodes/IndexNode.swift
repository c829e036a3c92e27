/// `operand[index]` and `operand[?index]`.
final class IndexNode: Node, @unchecked Sendable {
    private let operand: Node
    private let index: Node
    private let isOptional: Bool
    private let conversion: Conversion

    init(_ operand: Node, _ index: Node, isOptional: Bool, _ conversion: Conversion) {
        self.operand = operand
        self.index = index
        self.isOptional = isOptional
        self.conversion = conversion
    }

    override func evaluate(_ activation: Activation) -> Value {
        let container = operand.evaluate(activation)
        if case .error = container { return container }
        let key = index.evaluate(activation)
        if case .error = key { return key }
        return conversion.apply(
            isOptional ? Access.optionalIndex(container, key) : Access.index(container, key), of: container)
    }
}
