package import AgentKit

/// A transfer as it is asked for, and as it is stored.
package struct Transfer: Hashable, Sendable {
    package var id: String
    /// May be empty in the second phase.
    package var debitAccount: String
    package var creditAccount: String
    package var amount: Amount
    package var currency: Currency
    /// A caller's own number; 0 where it is not set.
    package var code: Int64
    /// The pending transfer that is posted or voided; else empty.
    package var pendingId: String
    /// Seconds until a pending transfer expires; 0 for never.
    package var timeoutSeconds: Int64
    package var flags: TransferFlags

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
