package import AgentKit
package import Ledger

/// An account of the marketplace; its key is its path, `wallet/U-ali/PKR`.
package struct AccountRow: Row {
    package var account = Account(currency: .none)
    /// The number of open debts collected from this account.
    package var openDebts: Int64 = 0
    /// The part of the balance whose age is tracked; the rest counts as old.
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

/// The grammar of account paths, which gives the limits and the currency of an account opened on first use.
package enum AccountPath {
    /// Returns the account that a path opens; nil where it is not an account path.
    package static func opened(_ path: String) -> Account? {
        let parts = path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        guard parts.count >= 3, let last = parts.last, let currency = Currency(last),
            parts.dropLast().allSatisfy(isIdentifier)
        else { return nil }
        let kind = String(parts[0]) ?? ""
        switch (kind, parts.count) {
        case ("wallet", 3), ("franchise", 3), ("escrow", 3), ("service", 3), ("locked", 3), ("suspense", 3),
            ("dispute", 3):
            return Account(currency: currency, flags: .debitsMustNotExceedCredits)
        case ("cash", 3): return Account(currency: currency, flags: .creditsMustNotExceedDebits)
        case ("gateway", 3): return Account(currency: currency)
        case ("platform", 3):
            let name = String(parts[1]) ?? ""
            return platform.contains(name) ? Account(currency: currency) : nil
        case ("owed", 4):
            let party = String(parts[1]) ?? ""
            return party == "wallet" || party == "franchise" ? Account(currency: currency) : nil
        default: return nil
        }
    }

    /// Returns the currency that a path ends in; nil where that is not a currency code.
    static func currency(_ path: String) -> CurrencyCode? {
        path.utf8.lastIndex(of: 0x2F).flatMap { CurrencyCode(path.utf8[path.utf8.index(after: $0)...]) }
    }

    /// Adds a currency to an account: `wallet/U-ali/PKR` from `wallet/U-ali`.
    static func path(_ account: String, in currency: CurrencyCode) -> String {
        var path = account
        path.reserveCapacity(account.utf8.count + 1 + CurrencyCode.bytesMax)
        path += "/"
        path += currency.text
        return path
    }

    /// Indicates that the age of the account's money counts: not for the platform, a gateway, a debt or cash in
    /// transit.
    static func ages(_ path: UnsafeRawBufferPointer) -> Bool {
        guard let first = unsafe path.first else { return false }
        switch first {
        case UInt8(ascii: "g"), UInt8(ascii: "p"), UInt8(ascii: "o"), UInt8(ascii: "c"): return false
        default: return true
        }
    }

    /// Returns the user in `wallet/<user>/<currency>`; nil for any other path.
    static func holder(_ path: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let prefix = 7
        guard path.count > prefix, unsafe path[0] == UInt8(ascii: "w"), let end = unsafe path.lastIndex(of: 0x2F),
            end >= prefix
        else { return nil }
        return unsafe UnsafeRawBufferPointer(rebasing: path[prefix..<end])
    }

    private static let platform = ["fees", "fines", "rewards", "receivables", "chargebacks"]

    /// Returns true for `[A-Za-z0-9._@:-]{1,128}`.
    private static func isIdentifier(_ part: Substring.UTF8View) -> Bool {
        !part.isEmpty && part.count <= 128
            && part.allSatisfy { byte in
                switch byte {
                case 0x30...0x3A, 0x40...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}
