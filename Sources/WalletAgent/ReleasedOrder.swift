package import AgentKit

/// What was paid out of an order's escrow, and how much of that was asked back; its key is the order.
package struct ReleasedOrder: Row {
    package var amount = Amount.zero
    package var takenBack = Amount.zero
    package var currency = ""
    /// The entry that paid out.
    package var sequence = EntrySequence(0)

    package init() {}

    package static let name = "releasedOrder"
    package static let fields: RowFields<ReleasedOrder> = [
        .init("amount", \.amount), .init("takenBack", \.takenBack), .init("currency", \.currency),
        .init("sequence", \.sequence),
    ]
}
