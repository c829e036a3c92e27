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
        var result: [Transfer] = []
        result.reserveCapacity(document.count(of: list))
        var node = list + 1
        let end = document.nodeAfter(list)
        while node < end {
            guard let transfer = transfer(in: document, node) else { return nil }
            result.append(transfer)
            node = document.nodeAfter(node)
        }
        return result
    }

    /// One recorded transfer. The nine members differ in the length of their names, and only one more look tells them
    /// from those that a rule set adds.
    static func transfer(in document: Document, _ object: UInt32) -> Transfer? {
        var transfer = Transfer(id: "", amount: .zero)
        var node = object + 1
        let end = document.nodeAfter(object)
        while node < end {
            switch document.nameLength(of: node) {
            case 2 where document.isNamed(node, "id"): transfer.id = document.string(of: node) ?? ""
            case 4 where document.isNamed(node, "code"): transfer.code = document.int(of: node) ?? 0
            case 5 where document.isNamed(node, "flags"):
                guard let flags = flags(in: document, node) else { return nil }
                transfer.flags = flags
            case 6 where document.isNamed(node, "amount"): transfer.amount = Amount(document.int(of: node) ?? 0)
            case 8 where document.isNamed(node, "currency"):
                transfer.currency = unsafe Currency(document.rawText(of: node)) ?? .none
            case 9 where document.isNamed(node, "pendingId"): transfer.pendingId = document.string(of: node) ?? ""
            case 12 where document.isNamed(node, "debitAccount"):
                transfer.debitAccount = document.string(of: node) ?? ""
            case 13 where document.isNamed(node, "creditAccount"):
                transfer.creditAccount = document.string(of: node) ?? ""
            case 14 where document.isNamed(node, "timeoutSeconds"):
                transfer.timeoutSeconds = document.int(of: node) ?? 0
            default: break
            }
            node = document.nodeAfter(node)
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
            let amount = map.integer("amount"), let currency = map.text("currency")
        else { return nil }
        var flags: TransferFlags = []
        for name in map.texts("flags") {
            guard let flag = TransferFlags(name: name) else { return nil }
            flags.insert(flag)
        }
        return Transfer(
            id: map.text("id") ?? "", debitAccount: debit, creditAccount: credit, amount: Amount(amount),
            currency: Currency(currency) ?? .none, code: map.integer("code") ?? 0,
            pendingId: map.text("pendingId") ?? "", timeoutSeconds: map.integer("timeoutSeconds") ?? 0, flags: flags)
    }
}
