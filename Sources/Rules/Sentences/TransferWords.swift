import AgentKit

/// Transfers in words: `PKR 1,999.00 from the wallet of U-ali to the escrow of ORD-001`.
struct TransferWords {
    let currencies: Currencies

    /// What a list of transfers moves, and for which purpose where there are several.
    func text(_ purpose: String, _ list: RecordList<TransferView>) -> String {
        guard let first = list.first(where: { _ in true }) else { return "no transfer" }
        if list.count == 1 { return transfer(first) }
        var sum: Int64 = 0
        var isOneCurrency = true
        for transfer in list {
            sum &+= transfer.amount
            if transfer.currency != first.currency { isOneCurrency = false }
        }
        let amount = isOneCurrency ? ", " + money(sum, first.currency) + " together" : ""
        return "\(list.count) transfers (\(SentenceText.words(purpose)))" + amount
    }

    private func transfer(_ transfer: TransferView) -> String {
        let amount = money(transfer.amount, transfer.currency)
        let (debit, credit) = (transfer.debitAccount, transfer.creditAccount)
        if let debtor = Self.debtor(debit) { return "\(amount) recorded as owed by \(debtor)" }
        if let debtor = Self.debtor(credit) { return "\(amount) taken off what \(debtor) owes" }
        return "\(amount) from \(Self.account(debit)) to \(Self.account(credit))" + held(transfer)
    }

    private func held(_ transfer: TransferView) -> String {
        let flags = transfer.flags
        if flags.contains("pending") { return ", set aside" }
        if flags.contains("voidPendingTransfer") { return ", given up" }
        return ""
    }

    private func money(_ amount: Int64, _ currency: String) -> String { currencies.said(amount, currency) }

    /// The account as the place money comes from or goes to; its path where it is of no known kind.
    private static func account(_ path: String) -> String {
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
    private static func debtor(_ path: String) -> String? {
        let parts = path.split(separator: "/")
        return parts.count == 4 && parts[0] == "owed" ? String(parts[2]) : nil
    }
}
