package import AgentKit

/// What a dispute asks for and what is held for it; its key is the dispute's id. One that was refused may be asked again.
package struct Chargeback: Row {
    package var provider = ""
    package var reference = ""
    package var orderId: String?
    /// The key of the payment in `payments`, once the dispute is open.
    package var paymentId: String?
    package var asked = Amount.zero
    package var currency = ""
    /// Where what is held came from.
    package var parts: [ReleasePart] = []
    /// What is held and what is owed.
    package var due = Amount.zero
    package var isOpened = false

    package init() {}

    package static let name = "chargeback"
    package static let fields: RowFields<Chargeback> = [
        .init("provider", \.provider), .init("reference", \.reference), .init("orderId", \.orderId),
        .init("paymentId", \.paymentId), .init("asked", \.asked), .init("currency", \.currency),
        .init("parts", \.parts), .init("due", \.due), .init("isOpened", \.isOpened),
    ]
}
