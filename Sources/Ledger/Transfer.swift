public import AgentKit

/// A transfer as it is asked for, and as it is stored.
@usableFromInline package struct Transfer: Hashable, Sendable {
    @usableFromInline package var id: String
    /// May be empty in the second phase.
    @usableFromInline package var debitAccount: String
    @usableFromInline package var creditAccount: String
    @usableFromInline package var amount: Amount
    @usableFromInline package var currency: Currency
    /// A caller's own number; 0 where it is not set.
    @usableFromInline package var code: Int64
    /// The pending transfer that is posted or voided; else empty.
    @usableFromInline package var pendingId: String
    /// Seconds until a pending transfer expires; 0 for never.
    @usableFromInline package var timeoutSeconds: Int64
    @usableFromInline package var flags: TransferFlags

    @inlinable package init(
        id: String, debitAccount: String = "", creditAccount: String = "", amount: Amount,
        currency: Currency = .none, code: Int64 = 0, pendingId: String = "", timeoutSeconds: Int64 = 0,
        flags: TransferFlags = []
    ) {
        self.id = id
        self.debitAccount = debitAccount
        self.creditAccount = creditAccount
        self.amount = amount
        self.currency = currency
        self.code = code
        self.pendingId = pendingId
        self.timeoutSeconds = timeoutSeconds
        self.flags = flags
    }
}
