package import AgentKit

/// A registered person or company; names and mail addresses are never projected.
package struct User: Row {
    package var id = ""
    package var role = ""
    package var area = ""
    package var referredBy: String?
    package var tags: [String] = []
    package var registeredAt = Instant.earliest
    /// The service quality level: free, basic, normal, high or vip.
    package var level = "free"
    /// Whether the level's features are locked until the next verification.
    package var isExpired = false
    /// When the last approval ends.
    package var validUntil: Instant?
    /// Whether the person's identity was verified.
    package var isKnown = false
    /// 0 to 100.
    package var trustScore: Int64 = 50

    package init() {}

    package static let name = "user"
    package static let fields: [RowField<User>] = [
        .init("id", \.id), .init("role", \.role), .init("area", \.area), .init("referredBy", \.referredBy),
        .init("tags", \.tags), .init("registeredAt", \.registeredAt), .init("level", \.level),
        .init("isExpired", \.isExpired), .init("validUntil", \.validUntil), .init("isKnown", \.isKnown),
        .init("trustScore", \.trustScore),
    ]
}
