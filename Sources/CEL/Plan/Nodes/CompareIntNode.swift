/// A comparison with a constant int; of money only 0 says something.
final class CompareIntNode: Node, @unchecked Sendable {
    private let comparison: Comparison
    private let operand: Node
    private let number: Int64

    init(_ comparison: Comparison, _ operand: Node, _ number: Int64) {
        self.comparison = comparison
        self.operand = operand
        self.number = number
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        let value = operand.evaluate(activation)
        if case .int(let found) = value { return Truth(comparison.holds(.of(found, number))) }
        if case .money(let money) = value, number == 0 { return Truth(comparison.holds(.of(money.minorUnits, 0))) }
        return comparison.compare(value, .int(number), activation)
    }
}
