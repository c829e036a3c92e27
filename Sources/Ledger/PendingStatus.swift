/// What became of a pending transfer.
package enum PendingStatus: String, Sendable, CaseIterable {
    case pending, posted, voided, expired
}
