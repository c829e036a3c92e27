import AgentKit
import Ledger

/// Reads transfers from the values that rules pass and from recorded entries.
enum TransferReader {
    /// Returns the transfers of a list value; nil where an element is not a transfer.
    static func transfers(_ value: Value) -> [Transfer]? {
        switch value {
        case .host(let host, let node):
            if let list = host as? TransferList, node == 0 { return list.transfers }
            if let json = host as? any DocumentHost { return transfers(in: json.document, node) }
            guard host.kind(node) == .list else { return nil }
            return collect(host.count(node)) { host.element(node, $0) }
        case .list(let elements): return collect(elements.count) { elements[$0] }
        default: return nil
        }
    }

    /// Returns the transfers of a recorded list, whose shape was checked when it was recorded; nil where a flag is
    /// unknown.
    static func transfers(in document: Document, _ list: UInt32) -> [Transfer]? {
        let list = RecordList<TransferPosted.Transfer>(document, list)
        var result: [Transfer] = []
        result.reserveCapacity(list.count)
        for recorded in list {
            guard let transfer = transfer(recorded) else { return nil }
            result.append(transfer)
        }
        return result
    }

    /// Returns one recorded transfer; nil where a flag is unknown.
    static func transfer(_ recorded: TransferPosted.Transfer) -> Transfer? {
        var transfer = Transfer(id: recorded.id, amount: Amount(recorded.amount))
        transfer.debitAccount = recorded.debitAccount
        transfer.creditAccount = recorded.creditAccount
        transfer.currency = unsafe Currency(recorded.document.rawText(of: recorded.currencyNode)) ?? .none
        transfer.code = recorded.code ?? 0
        transfer.pendingId = recorded.pendingId ?? ""
        transfer.timeoutSeconds = recorded.timeoutSeconds ?? 0
        if recorded.flagsNode != 0 {
            guard let flags = flags(in: recorded.document, recorded.flagsNode) else { return nil }
            transfer.flags = flags
        }
        return transfer
    }

    static func flags(in document: Document, _ list: UInt32) -> TransferFlags? {
        var flags: TransferFlags = []
        for element in View(document: document, node: list).children {
            guard let flag = element.string.flatMap(TransferFlags.init(name:)) else { return nil }
            flags.insert(flag)
        }
        return flags
    }

    private static func collect(_ count: Int, _ element: (Int) -> Value?) -> [Transfer]? {
        var result: [Transfer] = []
        for index in 0..<count {
            guard let value = element(index), let transfer = transfer(value) else { return nil }
            result.append(transfer)
        }
        return result
    }

    /// Returns a transfer that a rule built as a map; nil where a member is missing or of another type.
    private static func transfer(_ value: Value) -> Transfer? {
        let map = MapReader(value)
        guard let debit = map.text("debitAccount"), let credit = map.text("creditAccount"),
            let (amount, currency) = map.amount("amount")
        else { return nil }
        var flags: TransferFlags = []
        for name in map.texts("flags") {
            guard let flag = TransferFlags(name: name) else { return nil }
            flags.insert(flag)
        }
        return Transfer(
            id: map.text("id") ?? "", debitAccount: debit, creditAccount: credit, amount: Amount(amount),
            currency: Currency(currency), code: map.integer("code") ?? 0,
            pendingId: map.text("pendingId") ?? "", timeoutSeconds: map.integer("timeoutSeconds") ?? 0, flags: flags)
    }
}

/// Turns payments between wallets in one currency into transfers.
enum Payments {
    /// Returns the transfers of a list of `{from, to, amount}`.
    static func transfers(_ list: Value, _ currency: Value) -> Value {
        guard let code = currency.stringValue else { return .failure(.invalidArgument, "a currency") }
        let suffix = "/" + code
        let currency = Currency(code) ?? .none
        let money = CurrencyCode(code)
        var transfers: [Transfer] = []
        func add(_ from: String, _ to: String, _ amount: Int64) {
            transfers.append(
                Transfer(
                    id: "", debitAccount: "wallet/" + from + suffix, creditAccount: "wallet/" + to + suffix,
                    amount: Amount(amount), currency: currency))
        }
        switch list {
        case .host(let host, let node):
            if let json = host as? any DocumentHost {
                transfers = recorded(json.document, node, suffix, currency)
                break
            }
            for index in 0..<host.count(node) {
                guard let value = host.element(node, index), read(value, money, add) else { return notAPayment }
            }
        case .list(let elements):
            for value in elements {
                guard read(value, money, add) else { return notAPayment }
            }
        default: return notAPayment
        }
        return .host(TransferList(requested: transfers), 0)
    }

    private static var notAPayment: Value { .failure(.invalidArgument, "a list of payments") }

    private static func read(
        _ value: Value, _ currency: CurrencyCode?, _ body: (String, String, Int64) -> Void
    ) -> Bool {
        let map = MapReader(value)
        guard let from = map.text("from"), let to = map.text("to"), let amount = map.member("amount") else {
            return false
        }
        switch amount {
        case .int(let minorUnits): body(from, to, minorUnits)
        case .money(let money) where money.currency == currency: body(from, to, money.minorUnits)
        default: return false
        }
        return true
    }

    private static func recorded(
        _ document: Document, _ list: UInt32, _ suffix: String, _ currency: Currency
    ) -> [Transfer] {
        let payments = RecordList<WalletPaymentsRequested.Payment>(document, list)
        var transfers: [Transfer] = []
        transfers.reserveCapacity(payments.count)
        for payment in payments {
            var transfer = Transfer(
                id: "", amount: Amount(payment.amountNode == 0 ? -1 : payment.amount), currency: currency)
            transfer.creditAccount = wallet(document, payment.toNode, suffix)
            transfer.debitAccount = wallet(document, payment.fromNode, suffix)
            transfers.append(transfer)
        }
        return transfers
    }

    /// Returns `wallet/<user>/<currency>`, written in one allocation.
    private static func wallet(_ document: Document, _ node: UInt32, _ suffix: String) -> String {
        let user = unsafe document.rawText(of: node)
        let count = prefix.utf8CodeUnitCount + user.count + suffix.utf8.count
        return unsafe String(unsafeUninitializedCapacity: count) { buffer in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            unsafe bytes.copyMemory(
                from: UnsafeRawBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
            unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[prefix.utf8CodeUnitCount...]).copyMemory(from: user)
            unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[(prefix.utf8CodeUnitCount + user.count)...])
                .copyBytes(from: suffix.utf8)
            return count
        }
    }

    private static let prefix: StaticString = "wallet/"
}

/// Reads members of a map, whether built by a rule or read from a host object.
struct MapReader {
    private let value: Value

    init(_ value: Value) { self.value = value }

    func member(_ name: String) -> Value? {
        switch value {
        case .map(let map): map[name]
        case .host(let host, let node): host.kind(node) == .map ? host.member(node, key: .string(name)) : nil
        default: nil
        }
    }

    func text(_ name: String) -> String? { member(name)?.stringValue }

    /// Returns minor units and their currency, which an int takes from the member `currency` beside it; nil where there
    /// is none, or where that member contradicts the money's own.
    func amount(_ name: String) -> (minorUnits: Int64, currency: CurrencyCode)? {
        let beside = member("currency").map { CurrencyCode($0) }
        switch member(name) {
        case .money(let money):
            return (beside ?? money.currency) == money.currency ? (money.minorUnits, money.currency) : nil
        case .int(let minorUnits): return (beside ?? nil).map { (minorUnits, $0) }
        default: return nil
        }
    }

    func integer(_ name: String) -> Int64? { member(name)?.intValue }

    func texts(_ name: String) -> [String] {
        switch member(name) {
        case .list(let elements): elements.compactMap(\.stringValue)
        case .host(let host, let node):
            (0..<host.count(node)).compactMap { host.element(node, $0)?.stringValue }
        default: []
        }
    }
}
