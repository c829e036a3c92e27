package import AgentKit

/// A payment that a provider reported: the authorization for an order, or a deposit. Its key is the sequence of that
/// entry.
package struct Payment: Row {
    package var provider = ""
    package var reference = ""
    /// The order that an authorization names, whether or not it exists.
    package var orderId: String?
    /// The user who made the deposit.
    package var userId: String?
    package var amount = Amount.zero
    package var currency = ""
    /// The sum that open and lost disputes took of it.
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

/// The payments that a provider knows by one reference; its key is `provider/reference`.
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

/// The amount that a dispute claims, and what is held for it; its key is the dispute's id. A refused dispute may be
/// raised again.
package struct Chargeback: Row {
    package var provider = ""
    package var reference = ""
    package var orderId: String?
    /// The key of the payment in `payments`, once the dispute is open.
    package var paymentId: String?
    package var asked = Amount.zero
    package var currency = ""
    /// The accounts from which the held amount was taken.
    package var parts: [ReleasePart] = []
    /// The sum of what is held and what is owed.
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

/// A refund requested from a provider that has not answered; its key is the refund's id.
struct PendingRefund: Row {
    /// The buyer who is to receive it.
    var userId = ""

    static let name = "pendingRefund"
    static let fields: RowFields<PendingRefund> = [.init("userId", \.userId)]
}

/// A buyer with refunds pending at providers; its key is the user's id.
struct Refundee: Row {
    /// The number of refunds not yet answered.
    var pending: Int64 = 0

    static let name = "refundee"
    static let fields: RowFields<Refundee> = [.init("pending", \.pending)]
}
