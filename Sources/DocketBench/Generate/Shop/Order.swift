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
    var hasComplaint = false
    /// Whether the buyer's complaint waits for an answer.
    var isDisputed = false
    /// Whether it would have settled but for the complaint.
    var isDeferred = false

    var id: Ident { .order(number) }
    var complaint: Ident { .complaint(number) }
    var total: Int { amount + fee }
    var isOpen: Bool { state != .ended }
    /// Whether its money is in escrow: cash comes with the delivery.
    var isHeld: Bool { method == .cash ? state == .delivered : state != .unpaid && state != .ended }
}
