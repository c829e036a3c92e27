/// An order as the generator sees it.
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
    /// Payments that did not match it, and go back to their provider.
    var misfits = 0
    /// Indicates that the provider was asked to pay it back.
    var isAskedBack = false
    /// The number of the authorization by which it was paid.
    var authorization: Int?
    var hasComplaint = false
    /// Indicates that the buyer's complaint waits for an answer.
    var isDisputed = false
    /// Indicates that it would have settled but for the complaint.
    var isDeferred = false

    var id: Ident { .order(number) }
    var complaint: Ident { .complaint(number) }
    /// The id of the next refund by a provider; payments that did not match count.
    var refund: Ident { Ident(prefix: "O-", number: number, part: Self.refunds[min(misfits, Self.refunds.count - 1)]) }

    private static let refunds: [StaticString] = ["refund:1", "refund:2", "refund:3"]

    /// The person who takes the cash.
    var carrier: Int { rider ?? seller }
    /// Indicates that a provider brought the money, to which a refund goes.
    var isProvided: Bool { method == .card || method == .bank || method == .crypto }
    var total: Int { amount + fee }
    var isOpen: Bool { state != .ended }
    /// Indicates that its money is in escrow; cash comes with the delivery.
    var isHeld: Bool { method == .cash ? state == .delivered : state != .unpaid && state != .ended }
}

/// A product that a seller offers.
struct Product {
    let number: Int
    let seller: Int
    let category: Int
    /// Price of one piece, in minor units of PKR.
    let price: Int
    let level: Level
    /// Pieces left.
    var stock: Int

    var id: Ident { .product(number) }
    var isDigital: Bool { Category.all[category].isDigital }
}

/// A category of goods, with names and prices.
struct Category {
    let name: String
    let nouns: [String]
    let tags: [String]
    /// Price of a piece in rupees.
    let prices: ClosedRange<Int>
    /// Indicates that it is sent over the wire instead of by a rider.
    var isDigital = false

    static let all = [
        Category(
            name: "electronics", nouns: ["Speaker", "Headphones", "Power bank", "Keyboard", "Desk lamp"],
            tags: ["electronics", "music", "travel"], prices: 900...25_000),
        Category(
            name: "fashion", nouns: ["Shawl", "Kurta", "Sandals", "Waistcoat", "Scarf"], tags: ["fashion", "travel"],
            prices: 600...9000),
        Category(
            name: "groceries", nouns: ["Basmati rice", "Mango box", "Honey", "Green tea", "Almonds"],
            tags: ["groceries", "garden"], prices: 200...3500),
        Category(
            name: "home", nouns: ["Kettle", "Bedsheet", "Carpet", "Storage box", "Wall clock"],
            tags: ["home", "garden"], prices: 500...18_000),
        Category(
            name: "sports", nouns: ["Cricket bat", "Football", "Yoga mat", "Shuttlecocks"], tags: ["sports"],
            prices: 400...12_000),
        Category(
            name: "digital", nouns: ["E-book", "Icon set", "Course", "Photo pack"], tags: ["digital", "books"],
            prices: 150...4000, isDigital: true),
    ]

    static let looks = ["Classic", "Compact", "Handmade", "Premium", "Everyday", "Blue", "Red", "Large", "Small"]
}
