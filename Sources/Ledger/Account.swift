public import AgentKit

/// An account: four sums in one currency, and what limits them.
@usableFromInline package struct Account: Hashable, Sendable {
    @usableFromInline package var currency: Currency
    /// A caller's own number; 0 where it is not set.
    @usableFromInline package var code: Int64
    @usableFromInline package var flags: AccountFlags
    @usableFromInline package var debitsPending = Total.zero
    @usableFromInline package var debitsPosted = Total.zero
    @usableFromInline package var creditsPending = Total.zero
    @usableFromInline package var creditsPosted = Total.zero

    @inlinable package init(currency: Currency, flags: AccountFlags = [], code: Int64 = 0) {
        self.currency = currency
        self.flags = flags
        self.code = code
        debitsPending = .zero
        debitsPosted = .zero
        creditsPending = .zero
        creditsPosted = .zero
    }

    @inlinable package var isClosed: Bool { flags.contains(.closed) }

    /// What was received less what was spent; negative where more was spent.
    @inlinable package var balance: Total { creditsPosted - debitsPosted }

    /// The balance less what pending transfers have reserved.
    @inlinable package var available: Total { creditsPosted - debitsPosted - debitsPending }

    /// How much more may be received before debits are even, pending receipts counted.
    @inlinable package var lacking: Total { debitsPosted - creditsPosted - creditsPending }

    @inlinable package mutating func close(_ isClosed: Bool) {
        if isClosed { flags.insert(.closed) } else { flags.remove(.closed) }
    }
}
