package import AgentKit

/// What counts for the automation of one order.
package struct OrderTrace: Row {
    /// Whether an administrator had a hand in it.
    package var isManual = false
    /// Whether a refund only returns a part, and settling follows.
    package var isPartlyRefunded = false
    package var isEnded = false

    package init() {}

    package static let name = "orderTrace"
    package static let fields: RowFields<OrderTrace> = [
        .init("isManual", \.isManual), .init("isPartlyRefunded", \.isPartlyRefunded), .init("isEnded", \.isEnded),
    ]
}
