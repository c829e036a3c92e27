/// Accounts in words: `wallet/U-ali/PKR` is the wallet of U-ali.
enum AccountWords {
    /// The account as the place money comes from or goes to; its path where it is of no known kind.
    static func text(_ path: String) -> String {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count >= 3 else { return path }
        switch parts[0] {
        case "wallet": return "the wallet of " + parts[1]
        case "escrow": return "the escrow of " + parts[1]
        case "franchise": return "the account of " + parts[1]
        case "locked": return "the locked coins " + parts[1]
        case "service": return "what is held for " + parts[1]
        case "gateway": return parts[1] == "cash" ? "cash" : "the \(parts[1]) gateway"
        case "platform": return "the platform's " + parts[1]
        default: return path
        }
    }

    /// Who owes what an account of the kind `owed` holds; nil for any other.
    static func debtor(_ path: String) -> String? {
        let parts = path.split(separator: "/")
        return parts.count == 4 && parts[0] == "owed" ? String(parts[2]) : nil
    }
}
