final class SlotNode: Node, @unchecked Sendable {
    let slot: Int

    init(_ slot: Int) { self.slot = slot }

    override func evaluate(_ activation: Activation) -> Value { activation.slotValue(slot) }
}
