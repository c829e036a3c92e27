/// Whom or what a timeline is about: `order:ORD-001`, `complaint:COMP-001`, `user:U-ali`.
package struct SubjectName: Sendable, Hashable, CustomStringConvertible {
    /// The word before the colon.
    package let kind: String
    package let id: String

    package init(kind: String, id: String) {
        self.kind = kind
        self.id = id
    }

    /// Nil for what is not a kind in small letters, a colon and an id.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0].utf8.allSatisfy({ $0 >= 0x61 && $0 <= 0x7A }) else { return nil }
        self.init(kind: String(parts[0]), id: String(parts[1]))
    }

    package var description: String { kind + ":" + id }

    /// Members of entries that name people.
    private static let people: Set<String> = [
        "userId", "buyerId", "sellerId", "riderId", "ownerId", "harmedId", "creditorId", "partyId", "fromUserId",
        "toUserId", "reporterId", "providerId", "modelOwnerId", "validatorIds",
    ]

    /// Whether a member of that name may speak of this subject: `orderId` never names a complaint.
    func isNamed(by member: String) -> Bool {
        guard member.hasSuffix("Id") || member.hasSuffix("Ids") else { return true }
        if kind == "user" { return Self.people.contains(member) }
        return member == kind + "Id" || member == "partyId" || member == "referenceId"
    }
}
