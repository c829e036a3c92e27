import Audit
import CEL

/// A record as people name it: `order:ORD-001`.
struct RecordName {
    /// The word before the colon.
    let kind: String
    let key: String

    private static let projections = [
        "account": "accounts", "agent": "agents", "area": "areas", "complaint": "complaints", "debt": "debts",
        "debtor": "debtors", "erasure": "erasures", "fine": "fines", "franchise": "franchises", "license": "licenses",
        "lock": "locks", "offer": "offers", "order": "orders", "override": "overrides", "preference": "preferences",
        "principal": "principals", "product": "products", "quality": "quality", "referral": "referrals",
        "release": "releases", "report": "reports", "request": "serviceRequests", "sale": "sales",
        "service": "services", "standing": "standings", "taste": "tastes", "trade": "trades",
        "transfer": "pendingTransfers", "user": "users", "verification": "verifications", "withdrawal": "withdrawals",
    ]

    /// The kinds in words.
    static let kinds = projections.keys.sorted().joined(separator: ", ")

    /// Nil for anything but a kind and an id.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        kind = String(text[..<colon])
        key = String(text[text.index(after: colon)...])
        guard !key.isEmpty, !kind.isEmpty, !kind.contains("/") else { return nil }
    }

    /// The projection it is in: that of its kind, or the one that it names itself. A table that a rule file declares has its
    /// kind by taking an `s`.
    func projection(of replay: Replay) -> String? {
        let names = [Self.projections[kind], kind, kind + "s"].compactMap { $0 }
        return names.first { replay.projections.contains($0) }
    }

    /// `, did you mean …` where a kind is near.
    var suggestion: String { Suggestion.text(for: kind, among: Self.projections.keys.sorted()) }
}
