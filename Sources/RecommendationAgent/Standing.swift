package import AgentKit

/// A user's level and trust.
package struct Standing: Row {
    /// 0 (free) to 4 (vip).
    package var level: Int64 = 0
    package var isExpired = false
    /// 0 to 100.
    package var trust = trustAtFirst
    /// Whether the person was erased: what they look for and like is not kept any more.
    package var isForgotten = false

    package init() {}

    /// Of whom nothing is known.
    static let trustAtFirst: Int64 = 50

    package static let name = "standing"
    package static let fields: RowFields<Standing> = [
        .init("level", \.level), .init("isExpired", \.isExpired), .init("trust", \.trust),
        .init("isForgotten", \.isForgotten),
    ]

    /// The level whose features are not locked.
    package var openLevel: Int64 { isExpired ? 0 : level }

    /// The rank of a level: 0 for free and what is none.
    package static func rank(_ level: String) -> Int64 { ranks[level] ?? 0 }

    private static let ranks: [String: Int64] = ["free": 0, "basic": 1, "normal": 2, "high": 3, "vip": 4]
}
