/// What limits an account, and whether it is closed.
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
