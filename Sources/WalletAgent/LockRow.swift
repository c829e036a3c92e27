package import AgentKit

/// Coins set aside for a term.
package struct LockRow: Row {
    package var id = ""
    package var userId = ""
    package var amount = Amount.zero
    package var currency = ""
    package var months: Int64 = 0
    package var since = Instant.earliest
    package var until = Instant.earliest
    /// Months whose bonus was granted.
    package var bonuses: Int64 = 0
    /// `locked` or `released`.
    package var status = "locked"

    package init() {}

    package static let name = "lock"
    package static let fields: RowFields<LockRow> = [
        .init("id", \.id), .init("userId", \.userId), .init("amount", \.amount), .init("currency", \.currency),
        .init("months", \.months), .init("since", \.since), .init("until", \.until), .init("bonuses", \.bonuses),
        .init("status", \.status),
    ]
}
