/// A record as people name it: `order:ORD-001`.
struct RecordName {
    /// The projection it is in.
    let projection: String
    let key: String

    private static let projections = [
        "account": "accounts", "area": "areas", "complaint": "complaints", "debt": "debts", "franchise": "franchises",
        "lock": "locks", "order": "orders", "principal": "principals", "product": "products", "user": "users",
        "withdrawal": "withdrawals",
    ]

    /// Nil for anything but a kind and an id.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let kind = String(text[..<colon])
        key = String(text[text.index(after: colon)...])
        guard !key.isEmpty, !kind.isEmpty, !kind.contains("/") else { return nil }
        projection = Self.projections[kind] ?? kind
    }
}
