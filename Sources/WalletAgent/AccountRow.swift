package import AgentKit
package import Ledger

/// An account of the marketplace; its key is its path, `wallet/U-ali/PKR`.
package struct AccountRow: Row {
    package var account = Account(currency: .none)
    /// Debts whose party pays them from this account.
    package var openDebts: Int64 = 0
    /// What of the balance is not surely old: its ages are kept.
    package var recent = Total.zero

    package init() {}

    package init(_ account: Account) { self.account = account }

    package static let name = "account"
    package static let fields: RowFields<AccountRow> = [
        .init("currency", \.account.currency), .init("debitsPending", \.account.debitsPending),
        .init("debitsPosted", \.account.debitsPosted), .init("creditsPending", \.account.creditsPending),
        .init("creditsPosted", \.account.creditsPosted),
        .init("debitsMustNotExceedCredits", \.debitsMustNotExceedCredits),
        .init("creditsMustNotExceedDebits", \.creditsMustNotExceedDebits), .init("closed", \.isClosed),
        .init("openDebts", \.openDebts), .init("recent", \.recent),
    ]
}

extension AccountRow {
    private var debitsMustNotExceedCredits: Bool {
        get { account.flags.contains(.debitsMustNotExceedCredits) }
        set { set(.debitsMustNotExceedCredits, newValue) }
    }

    private var creditsMustNotExceedDebits: Bool {
        get { account.flags.contains(.creditsMustNotExceedDebits) }
        set { set(.creditsMustNotExceedDebits, newValue) }
    }

    private var isClosed: Bool {
        get { account.isClosed }
        set { account.close(newValue) }
    }

    private mutating func set(_ flag: AccountFlags, _ isSet: Bool) {
        if isSet { account.flags.insert(flag) } else { account.flags.remove(flag) }
    }
}
