import AgentKit

/// What became of a pending transfer.
package enum PendingStatus: String, RowValue, Sendable, CaseIterable {
    case pending, posted, voided, expired
}
