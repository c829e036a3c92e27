/// An order as the generator imagines it.
struct Order {
    enum Method: String {
        case wallet, card, bank, crypto, cash
    }

    enum State {
        case unpaid, paid, sent, delivered, ended
    }

    let number: Int
    let buyer: Int
    let seller: Int
    let product: Int
    let quantity: Int
    /// The price of all pieces.
    let amount: Int
    let fee: Int
    let area: Int
    let isCarried: Bool
    var method: Method
    var state = State.unpaid
    var attempt = 1
    var rider: Int?
    /// Payments that did not fit it, and go back to their provider.
    var misfits = 0
    /// True once the provider is asked to pay it back.
    var isAskedBack = false
    /// The number of the authorization by which it was paid.
    var authorization: Int?
    var hasComplaint = false
    /// Whether the buyer's complaint waits for an answer.
    var isDisputed = false
    /// Whether it would have settled but for the complaint.
    var isDeferred = false

    var id: Ident { .order(number) }
    var complaint: Ident { .complaint(number) }
    /// The id of the next refund by a provider; payments that did not fit count.
    var refund: Ident { Ident(prefix: "O-", number: number, part: Self.refunds[min(misfits, Self.refunds.count - 1)]) }

    private static let refunds: [StaticString] = ["refund:1", "refund:2", "refund:3"]

    /// The person who takes the cash.
    var carrier: Int { rider ?? seller }
    /// True where a provider brought the money, to which a refund goes.
    var isProvided: Bool { method == .card || method == .bank || method == .crypto }
    var total: Int { amount + fee }
    var isOpen: Bool { state != .ended }
    /// Whether its money is in escrow: cash comes with the delivery.
    var isHeld: Bool { method == .cash ? state == .delivered : state != .unpaid && state != .ended }
}
