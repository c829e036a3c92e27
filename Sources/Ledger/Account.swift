public import AgentKit

/// An account: four sums in one currency, and what limits them.
@usableFromInline package struct Account: Hashable, Sendable {
    @usableFromInline package var currency: Currency
    /// A number of the caller's choosing; 0 where it is not set.
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

    /// Credits less debits, posted; negative where more was spent than received.
    @inlinable package var balance: Total { creditsPosted - debitsPosted }

    /// The balance less what pending transfers have reserved.
    @inlinable package var available: Total { creditsPosted - debitsPosted - debitsPending }

    /// The amount that may still be received before credits equal debits, pending receipts counted.
    @inlinable package var lacking: Total { debitsPosted - creditsPosted - creditsPending }

    @inlinable package mutating func close(_ isClosed: Bool) {
        if isClosed { flags.insert(.closed) } else { flags.remove(.closed) }
    }
}

/// The limits of an account, and the mark of a closed one.
@usableFromInline package struct AccountFlags: OptionSet, Hashable, Sendable {
    @usableFromInline package let rawValue: UInt8

    @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Created together with the next account of the batch or not at all.
    @inlinable package static var linked: AccountFlags { AccountFlags(rawValue: 1) }
    /// It can be in credit only, as a wallet.
    @inlinable package static var debitsMustNotExceedCredits: AccountFlags { AccountFlags(rawValue: 2) }
    /// It can be in debit only.
    @inlinable package static var creditsMustNotExceedDebits: AccountFlags { AccountFlags(rawValue: 4) }
    /// It takes part in no new transfer.
    @inlinable package static var closed: AccountFlags { AccountFlags(rawValue: 8) }

    /// The names in data, each with its flag.
    package static let names: [(name: String, flag: AccountFlags)] = [
        ("linked", .linked), ("debitsMustNotExceedCredits", .debitsMustNotExceedCredits),
        ("creditsMustNotExceedDebits", .creditsMustNotExceedDebits), ("closed", .closed),
    ]
}
