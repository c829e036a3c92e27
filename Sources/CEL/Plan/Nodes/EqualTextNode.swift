/// Equality with a constant string.
final class EqualTextNode: Node, @unchecked Sendable {
    private let operand: Node
    private let text: Value
    private let bytes: [UInt8]
    private let isEqual: Bool

    init(_ operand: Node, _ text: Value, isEqual: Bool) {
        self.operand = operand
        self.text = text
        bytes = text.utf8Bytes ?? []
        self.isEqual = isEqual
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        let value = operand.evaluate(activation)
        if let same = value.withUTF8({ other in bytes.withOctets { $0 == other } }) {
            return Truth(same == isEqual)
        }
        return (isEqual ? Comparison.equal : .notEqual).compare(value, text, activation)
    }
}
