import AgentKit
import Ledger

/// Reads transfers from what a rule passes, and from recorded entries.
enum TransferReader {
    /// The transfers of a list value; nil where an element is none.
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

    /// The transfers of a recorded list, whose shape was checked when it was recorded; nil where a flag is unknown.
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

    /// One recorded transfer; nil where a flag is unknown.
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

    /// One transfer that a rule made as a map; nil where a member is missing or of another type.
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
