import AgentKit
import Ledger

/// Payments between wallets in one currency, as transfers.
enum Payments {
    /// The transfers of a list of `{from, to, amount}`.
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

    /// `wallet/<user>/<currency>`, written in one go.
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
