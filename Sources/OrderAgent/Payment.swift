package import AgentKit

/// What a provider reported as paid: an authorization for an order or a deposit. Its key is the sequence of that entry.
package struct Payment: Row {
    package var provider = ""
    package var reference = ""
    /// The order an authorization names, known or not.
    package var orderId: String?
    /// Whose deposit it is.
    package var userId: String?
    package var amount = Amount.zero
    package var currency = ""
    /// What disputes took of it that are open or lost.
    package var disputed = Amount.zero

    package init() {}

    init(_ provider: String, _ reference: String, _ amount: Amount, _ currency: String) {
        self.provider = provider
        self.reference = reference
        self.amount = amount
        self.currency = currency
    }

    package static let name = "payment"
    package static let fields: RowFields<Payment> = [
        .init("provider", \.provider), .init("reference", \.reference), .init("orderId", \.orderId),
        .init("userId", \.userId), .init("amount", \.amount), .init("currency", \.currency),
        .init("disputed", \.disputed),
    ]
}

/// What a provider calls by one reference; its key is `provider/reference`.
package struct PaymentReference: Row {
    /// Keys of `payments`.
    package var authorization: String?
    package var deposit: String?

    package init() {}

    package static let name = "paymentReference"
    package static let fields: RowFields<PaymentReference> = [
        .init("authorization", \.authorization), .init("deposit", \.deposit),
    ]
}
