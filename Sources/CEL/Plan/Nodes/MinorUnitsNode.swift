/// `amount.minorUnits` of a host's amount, whose currency is not looked for.
final class MinorUnitsNode: Node, @unchecked Sendable {
    private let amount: Node
    private let name: FieldName

    init(_ amount: Node, _ name: FieldName) {
        self.amount = amount
        self.name = name
    }

    override func evaluate(_ activation: Activation) -> Value {
        let value = amount.evaluate(activation)
        switch value {
        case .int: return value
        case .money(let money): return .int(money.minorUnits)
        default: return Select.slowMember(value, name, .none, Select.absence(name))
        }
    }
}
