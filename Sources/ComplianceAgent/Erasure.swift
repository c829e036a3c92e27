package import AgentKit

/// A wish to be forgotten that waits.
package struct Erasure: Row {
    package var requestId = ""
    package var userId = ""
    /// What it waits for: order, complaint or debt.
    package var reason = ""
    package var since = Instant.earliest

    package init() {}

    package static let name = "erasure"
    package static let fields: RowFields<Erasure> = [
        .init("requestId", \.requestId), .init("userId", \.userId), .init("reason", \.reason), .init("since", \.since),
    ]

    /// Of two persons under one request's id both wait.
    static func key(_ requestId: String, _ userId: String) -> String { requestId + "/" + userId }
}
