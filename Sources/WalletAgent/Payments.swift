import AgentKit
import Ledger

/// Payments between wallets in one currency, as transfers.
enum Payments {
    /// The transfers of a list of `{from, to, amount}`.
    static func transfers(_ list: Value, _ currency: Value) -> Value {
        guard let code = currency.stringValue else { return .failure(.invalidArgument, "a currency") }
        let suffix = "/" + code
        let currency = Currency(code) ?? .none
        var transfers: [Transfer] = []
        func add(_ from: String, _ to: String, _ amount: Int64) {
            transfers.append(
                Transfer(
                    id: "", debitAccount: "wallet/" + from + suffix, creditAccount: "wallet/" + to + suffix,
                    amount: Amount(amount), currency: currency))
        }
        switch list {
        case .host(let host, let node):
            if let json = host as? JSONHost {
                transfers.reserveCapacity(json.document.count(of: node))
                forEach(in: json.document, node, add)
                break
            }
            for index in 0..<host.count(node) {
                guard let value = host.element(node, index), read(value, add) else { return notAPayment }
            }
        case .list(let elements):
            for value in elements {
                guard read(value, add) else { return notAPayment }
            }
        default: return notAPayment
        }
        return .host(TransferList(requested: transfers), 0)
    }

    private static var notAPayment: Value { .failure(.invalidArgument, "a list of payments") }

    private static func read(_ value: Value, _ body: (String, String, Int64) -> Void) -> Bool {
        let map = MapReader(value)
        guard let from = map.text("from"), let to = map.text("to"), let amount = map.integer("amount") else {
            return false
        }
        body(from, to, amount)
        return true
    }

    /// The members have names of three different lengths.
    private static func forEach(
        in document: Document, _ list: UInt32, _ body: (String, String, Int64) -> Void
    ) {
        var node = list + 1
        let end = document.nodeAfter(list)
        while node < end {
            var (from, to, amount) = ("", "", Int64(-1))
            var member = node + 1
            node = document.nodeAfter(node)
            while member < node {
                let length = unsafe document.withName(of: member) { $0.count }
            switch length {
                case 2: to = document.string(of: member) ?? ""
                case 4: from = document.string(of: member) ?? ""
                default: amount = document.int(of: member) ?? -1
                }
                member = document.nodeAfter(member)
            }
            body(from, to, amount)
        }
    }
}
