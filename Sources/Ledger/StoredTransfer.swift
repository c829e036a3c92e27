package import AgentKit

/// A transfer that was applied, and what became of it where it was a pending one.
package struct StoredTransfer: Hashable, Sendable {
    /// As applied: the amount is what was moved, the accounts those of the pending transfer.
    package var transfer: Transfer
    /// Nil for a transfer that was not pending.
    package var status: PendingStatus?
    package var created: Instant
    /// When a pending transfer expires; nil for never.
    package var due: Instant?

    @inlinable package init(_ transfer: Transfer, status: PendingStatus?, created: Instant, due: Instant?) {
        self.transfer = transfer
        self.status = status
        self.created = created
        self.due = due
    }
}
