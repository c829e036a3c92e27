/// `variable.name`, the commonest of all.
final class SlotSelectNode: Node, @unchecked Sendable {
    private let slot: Int
    private let name: FieldName
    private let conversion: Conversion
    private let absence: Value

    init(_ slot: Int, _ name: FieldName, _ conversion: Conversion) {
        self.slot = slot
        self.name = name
        self.conversion = conversion
        absence = Select.absence(name)
    }

    override func evaluate(_ activation: Activation) -> Value {
        guard case .host(let host, let node) = activation.slotValue(slot) else {
            return Select.slowMember(activation[slot], name, conversion, absence)
        }
        guard let found = host.member(node, name) else { return absence }
        return conversion.apply(found, of: host, node)
    }
}
