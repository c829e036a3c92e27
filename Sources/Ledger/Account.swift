public import AgentKit

/// An account: four sums in one currency, and what limits them.
@usableFromInline package struct Account: Hashable, Sendable {
    @usableFromInline package var currency: Currency
    /// A caller's own number; 0 where it is not set.
    @usableFromInline package var code: Int64
    @usableFromInline package var flags: AccountFlags
    @usableFromInline package var debitsPending = Amount.zero
    @usableFromInline package var debitsPosted = Amount.zero
    @usableFromInline package var creditsPending = Amount.zero
    @usableFromInline package var creditsPosted = Amount.zero

    @inlinable package init(currency: Currency, flags: AccountFlags = [], code: Int64 = 0) {
        self.currency = currency
        self.flags = flags
        self.code = code
        debitsPending = Amount(0)
        debitsPosted = Amount(0)
        creditsPending = Amount(0)
        creditsPosted = Amount(0)
    }

    @inlinable package var isClosed: Bool { flags.contains(.closed) }

    /// What was received less what was spent; negative where more was spent.
    @inlinable package var balance: Amount { creditsPosted - debitsPosted }

    /// The balance less what pending transfers have reserved.
    @inlinable package var available: Amount { creditsPosted - debitsPosted - debitsPending }

    /// How much more may be received before debits are even, pending receipts counted.
    @inlinable package var lacking: Amount { debitsPosted - creditsPosted - creditsPending }

    @inlinable package mutating func close(_ isClosed: Bool) {
        if isClosed { flags.insert(.closed) } else { flags.remove(.closed) }
    }
}
