public import AgentKit

/// A transfer that was applied, and what became of it where it was a pending one.
@usableFromInline package struct StoredTransfer: Hashable, Sendable {
    /// As applied: the amount is what was moved, the accounts those of the pending transfer.
    @usableFromInline package var transfer: Transfer
    /// Nil for a transfer that was not pending.
    @usableFromInline package var status: PendingStatus?
    @usableFromInline package var created: Instant
    /// When a pending transfer expires; nil for never.
    @usableFromInline package var due: Instant?

    @inlinable package init(_ transfer: Transfer, status: PendingStatus?, created: Instant, due: Instant?) {
        self.transfer = transfer
        self.status = status
        self.created = created
        self.due = due
    }
}
