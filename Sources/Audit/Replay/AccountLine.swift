import AgentKit
import JSON

/// The balances of one account at a moment, in minor units.
package struct AccountLine: Sendable, Hashable {
    /// Its path, `wallet/U-ali/PKR`.
    package let id: String
    package let currency: String
    package let debitsPending: Int64
    package let debitsPosted: Int64
    package let creditsPending: Int64
    package let creditsPosted: Int64
    package let isClosed: Bool

    /// Credits less debits, posted; below zero for an account that gives.
    package var balance: Int64 { creditsPosted - debitsPosted }
    /// The balance less what is promised to others.
    package var available: Int64 { balance - debitsPending }

    init(_ id: String, _ row: Value) {
        self.id = id
        func integer(_ name: FieldName) -> Int64 {
            guard case .host(let host, let node) = row else { return 0 }
            return host.member(node, name)?.intValue ?? 0
        }
        debitsPending = integer(Self.names.debitsPending)
        debitsPosted = integer(Self.names.debitsPosted)
        creditsPending = integer(Self.names.creditsPending)
        creditsPosted = integer(Self.names.creditsPosted)
        guard case .host(let host, let node) = row else {
            currency = ""
            isClosed = false
            return
        }
        currency = host.member(node, Self.names.currency)?.stringValue ?? ""
        isClosed = host.member(node, Self.names.closed)?.boolValue ?? false
    }

    /// An account that is not opened yet.
    init(unopened id: String) {
        self.id = id
        currency = id.split(separator: "/").last.map(String.init) ?? ""
        debitsPending = 0
        debitsPosted = 0
        creditsPending = 0
        creditsPosted = 0
        isClosed = false
    }

    private enum names {
        static let currency = FieldName("currency")
        static let debitsPending = FieldName("debitsPending")
        static let debitsPosted = FieldName("debitsPosted")
        static let creditsPending = FieldName("creditsPending")
        static let creditsPosted = FieldName("creditsPosted")
        static let closed = FieldName("closed")
    }

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("available")
        writer.int(available)
        writer.key("balance")
        writer.int(balance)
        writer.key("closed")
        writer.bool(isClosed)
        writer.key("creditsPending")
        writer.int(creditsPending)
        writer.key("creditsPosted")
        writer.int(creditsPosted)
        writer.key("currency")
        writer.string(currency)
        writer.key("debitsPending")
        writer.int(debitsPending)
        writer.key("debitsPosted")
        writer.int(debitsPosted)
        writer.key("id")
        writer.string(id)
        writer.endObject()
    }

    /// `{available, balance, closed, creditsPending, creditsPosted, currency, debitsPending, debitsPosted, id}`, canonical.
    package var json: [UInt8] {
        var writer = CanonicalWriter(capacity: 256)
        write(to: &writer)
        return writer.bytes
    }
}
