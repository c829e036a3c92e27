import AgentKit
package import Ledger

/// The grammar of account ids: what may be opened on first use, with which limits and in which currency.
package enum AccountPath {
    /// The account as it is opened; nil where the path names none.
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

    /// The currency in which an account of that path is; nil where the path ends in no code.
    static func currency(_ path: String) -> CurrencyCode? {
        path.utf8.lastIndex(of: 0x2F).flatMap { CurrencyCode(path.utf8[path.utf8.index(after: $0)...]) }
    }

    /// `wallet/U-ali/PKR` of `wallet/U-ali`.
    static func path(_ account: String, in currency: CurrencyCode) -> String {
        var path = account
        path.reserveCapacity(account.utf8.count + 1 + CurrencyCode.bytesMax)
        path += "/"
        path += currency.text
        return path
    }

    /// Whether the account is somebody's whose money has an age: not the platform's, a gateway's, a debt or cash on its way.
    static func ages(_ path: UnsafeRawBufferPointer) -> Bool {
        guard let first = unsafe path.first else { return false }
        switch first {
        case UInt8(ascii: "g"), UInt8(ascii: "p"), UInt8(ascii: "o"), UInt8(ascii: "c"): return false
        default: return true
        }
    }

    /// The user in `wallet/<user>/<currency>`; nil of any other path.
    static func holder(_ path: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let prefix = 7
        guard path.count > prefix, unsafe path[0] == UInt8(ascii: "w"), let end = unsafe path.lastIndex(of: 0x2F),
            end >= prefix
        else { return nil }
        return unsafe UnsafeRawBufferPointer(rebasing: path[prefix..<end])
    }

    private static let platform = ["fees", "fines", "rewards", "receivables", "chargebacks"]

    /// `[A-Za-z0-9._@:-]{1,128}`.
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
