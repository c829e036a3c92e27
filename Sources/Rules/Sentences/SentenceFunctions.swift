package import AgentKit
import CEL

/// The functions that sentences may call: formats, and nothing that knows a state.
enum SentenceFunctions {
    static var all: [Function] {
        words + [
            Function("number", [.init([.string], result: .string) { .string(number($0.text(0))) }]),
            Function("time", [.init([.timestamp], result: .string) { said($0) }]),
            Function(
                "list",
                [CELType.string, .timestamp, .duration, .int, .double, .money].map { element in
                    .init([.list(element)], result: .string) { said($0) }
                }),
            Function(
                "money",
                [
                    .init([.money], result: .string) { said($0) },
                    .init([.int, .string], result: .string) { money($0) },
                ]),
            Function("transfers", [.init([.string, .dyn], result: .string) { transfers($0) }]),
        ]
    }

    /// The functions that need no entry, which rules may call as well.
    static var words: [Function] {
        [
            Function("words", [.init([.string], result: .string) { .string(SentenceText.words($0.text(0))) }]),
            Function("ordinal", [.init([.int], result: .string) { .string(SentenceText.ordinal($0.int(0))) }]),
            Function(
                "plural",
                [
                    .init([.int, .string], result: .string) {
                        .string(SentenceText.plural($0.int(0), $0.text(1)))
                    },
                    .init([.int, .string, .string], result: .string) {
                        .string(SentenceText.plural($0.int(0), $0.text(1), $0.text(2)))
                    },
                ]),
        ]
    }

    private static func money(_ arguments: Arguments) -> Value {
        guard let context = arguments.context as? SentenceContext else { return noEntry }
        return .string(context.currencies.said(arguments.int(0), arguments.text(1)))
    }

    private static func transfers(_ arguments: Arguments) -> Value {
        guard let context = arguments.context as? SentenceContext else { return noEntry }
        guard case .host(let host, let node) = arguments[1], let host = host as? JSONHost else {
            return .failure(.invalidArgument, "a list of transfers")
        }
        let list = RecordList<TransferView>(host.document, node)
        return .string(TransferWords(currencies: context.currencies).text(arguments.text(0), list))
    }

    private static var noEntry: Value { .failure(.invalidArgument, "no entry is being told") }

    private static func said(_ arguments: Arguments) -> Value {
        guard let context = arguments.context as? SentenceContext else { return noEntry }
        return .string(SentenceText.shown(arguments[0], as: .plain, context))
    }

    /// A sequence of 16 digits without its zeros.
    private static func number(_ sequence: String) -> String {
        EntrySequence(padded: sequence).map { "\($0.value)" } ?? sequence
    }
}

extension Arguments {
    fileprivate func text(_ index: Int) -> String { self[index].stringValue ?? "" }
    fileprivate func int(_ index: Int) -> Int64 { self[index].intValue ?? 0 }
}

/// Transfers in words: `PKR 1,999.00 from the wallet of U-ali to the escrow of ORD-001`.
package struct TransferWords {
    let currencies: Currencies

    package init(currencies: Currencies) { self.currencies = currencies }

    /// The money that a list of transfers moves, with the purpose where there are several.
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

    /// A record that is a transfer, also one that a rule only thought of: its amount may be money, and its currency that of
    /// an account; nil for any other record.
    package func text(_ record: View) -> String? {
        guard let debit = record["debitAccount"]?.string, let credit = record["creditAccount"]?.string,
            let amount = record["amount"], let units = amount.int ?? amount["minorUnits"]?.int
        else { return nil }
        let currency =
            record["currency"]?.string ?? amount["currency"]?.string
            ?? (debit + "/" + credit).split(separator: "/").map(String.init).last { currencies.exponent(of: $0) != nil }
        return transfer(units, currency ?? "", debit, credit)
            + held(record["flags"]?.children.compactMap(\.string) ?? [])
    }

    private func transfer(_ transfer: TransferView) -> String {
        self.transfer(transfer.amount, transfer.currency, transfer.debitAccount, transfer.creditAccount)
            + held(transfer.flags)
    }

    private func transfer(_ units: Int64, _ currency: String, _ debit: String, _ credit: String) -> String {
        let amount = money(units, currency)
        if let debtor = Self.debtor(debit) { return "\(amount) recorded as owed by \(debtor)" }
        if let debtor = Self.debtor(credit) { return "\(amount) taken off what \(debtor) owes" }
        return "\(amount) from \(Self.account(debit)) to \(Self.account(credit))"
    }

    private func held(_ flags: [String]) -> String {
        if flags.contains("pending") { return ", set aside" }
        if flags.contains("voidPendingTransfer") { return ", given up" }
        return ""
    }

    private func money(_ amount: Int64, _ currency: String) -> String { currencies.said(amount, currency) }

    /// An account in words, `the wallet of U-ali` or `what F-zoneone owes`; its path where it is of no known kind.
    package static func place(_ path: String) -> String { debtor(path).map { "what \($0) owes" } ?? account(path) }

    /// Indicates an account whose balance is below zero by what somebody owes.
    package static func isDebt(_ path: String) -> Bool { debtor(path) != nil }

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
        case "dispute": return "what is held in dispute " + parts[1]
        case "suspense": return "what is kept apart of " + parts[1]
        case "cash": return "the cash that \(parts[1]) holds"
        case "gateway": return parts[1] == "cash" ? "cash" : "the \(parts[1]) gateway"
        case "platform": return "the platform's " + parts[1]
        default: return path
        }
    }

    /// The debtor of an account of the kind `owed`; nil for any other.
    private static func debtor(_ path: String) -> String? {
        let parts = path.split(separator: "/")
        return parts.count == 4 && parts[0] == "owed" ? String(parts[2]) : nil
    }
}
