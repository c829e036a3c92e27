import AgentKit

/// Where a complaint stands.
package enum ComplaintStatus: String, RowValue, CaseIterable, Sendable {
    case open
    /// Its clock stands still until an administrator unfreezes it.
    case frozen
    case closed
}
