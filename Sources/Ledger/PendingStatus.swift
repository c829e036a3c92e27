import AgentKit

/// What became of a pending transfer.
@usableFromInline package enum PendingStatus: String, Sendable, CaseIterable {
    case pending, posted, voided, expired
}

extension PendingStatus: RowValue {}
