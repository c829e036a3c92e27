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
    /// When the level that was last approved ends; absent where none ever was.
    package var validUntil: Instant?
    /// Whether the person's identity was verified.
    package var isKnown = false
    /// 0 to 100.
    package var trustScore: Int64 = 50
    /// When the first of the approved documents expires.
    package var documentsUntil: Instant?
    /// Tests reported as failed since the level last changed or was approved.
    package var failedTests: Int64 = 0
    /// When complaints last lowered the level.
    package var loweredAt: Instant?

    package init() {}

    package static let name = "user"
    package static let fields: RowFields<User> = [
        .init("id", \.id), .init("role", \.role), .init("area", \.area), .init("referredBy", \.referredBy),
        .init("tags", \.tags), .init("registeredAt", \.registeredAt), .init("level", \.level),
        .init("isExpired", \.isExpired), .init("validUntil", \.validUntil), .init("isKnown", \.isKnown),
        .init("trustScore", \.trustScore), .init("documentsUntil", \.documentsUntil),
        .init("failedTests", \.failedTests), .init("loweredAt", \.loweredAt),
    ]
}
