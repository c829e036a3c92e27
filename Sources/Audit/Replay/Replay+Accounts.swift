package import AgentKit
import Engine
import JSON

/// Totals of all accounts in one currency.
package struct BalanceSum: Sendable, Hashable {
    package let currency: String
    package internal(set) var accounts = 0
    /// All posted debits, in minor units.
    package internal(set) var debits = Total.zero
    /// All posted credits, in minor units.
    package internal(set) var credits = Total.zero
    /// Credits less debits; 0 in a sound ledger.
    package var sum: Total { credits - debits }

    /// `{accounts, credits, currency, debits, sum}`, canonical; amounts beyond JSON's integers are strings.
    package var json: [UInt8] {
        var writer = CanonicalWriter(capacity: 256)
        writer.beginObject()
        writer.key("accounts")
        writer.int(Int64(accounts))
        writer.key("credits")
        credits.write(to: &writer)
        writer.key("currency")
        writer.string(currency)
        writer.key("debits")
        debits.write(to: &writer)
        writer.key("sum")
        sum.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }
}

/// The totals of accounts that are gone through one after the other.
struct BalanceSums {
    private var sums: [String: BalanceSum] = [:]

    /// In byte order of the currencies.
    var all: [BalanceSum] {
        sums.values.sorted { $0.currency.utf8.lexicographicallyPrecedes($1.currency.utf8) }
    }

    mutating func add(_ line: AccountLine) {
        sums[line.currency, default: BalanceSum(currency: line.currency)].add(line)
    }
}

extension BalanceSum {
    fileprivate mutating func add(_ line: AccountLine) {
        accounts += 1
        debits += line.debitsPosted
        credits += line.creditsPosted
    }
}

extension Replay {
    /// The balances of an account; nil if it has not been opened yet.
    package func account(_ id: String) -> AccountLine? {
        machine.tables.named("accounts")?.value(id).map { AccountLine(id, $0) }
    }

    /// Calls `body` with each account in byte order of the ids, of one currency or of all, until it returns false.
    package func accounts(currency: String? = nil, body: (AccountLine) -> Bool) {
        guard let table = machine.tables.named("accounts") else { return }
        table.forEachKey { id in
            guard let row = table.value(id) else { return true }
            let line = AccountLine(id, row)
            return currency.map { $0 != line.currency } ?? false ? true : body(line)
        }
    }

    /// The totals of each currency, in byte order of the currencies.
    package func balanceSums() -> [BalanceSum] {
        var sums = BalanceSums()
        accounts { line in
            sums.add(line)
            return true
        }
        return sums.all
    }
}

/// The balances of one account at a moment, in minor units.
package struct AccountLine: Sendable, Hashable {
    /// The account's path, such as `wallet/U-ali/PKR`.
    package let id: String
    package let currency: String
    package let debitsPending: Total
    package let debitsPosted: Total
    package let creditsPending: Total
    package let creditsPosted: Total
    package let isClosed: Bool
    private let debitsMustNotExceedCredits: Bool
    private let creditsMustNotExceedDebits: Bool

    /// Indicates that the account stands beyond a limit that it was opened with, as TigerBeetle names them.
    var isBeyondLimit: Bool {
        debitsMustNotExceedCredits && debitsPosted + debitsPending > creditsPosted
            || creditsMustNotExceedDebits && creditsPosted + creditsPending > debitsPosted
    }

    /// Posted credits less posted debits; negative for an account that pays out.
    package var balance: Total { creditsPosted - debitsPosted }
    /// The balance less the amount held for others.
    package var available: Total { balance - debitsPending }

    init(_ id: String, _ row: Value) {
        self.id = id
        func total(_ name: FieldName) -> Total {
            guard case .host(let host, let node) = row else { return .zero }
            return Total(host.member(node, name)) ?? .zero
        }
        debitsPending = total(Self.names.debitsPending)
        debitsPosted = total(Self.names.debitsPosted)
        creditsPending = total(Self.names.creditsPending)
        creditsPosted = total(Self.names.creditsPosted)
        guard case .host(let host, let node) = row else {
            currency = ""
            isClosed = false
            debitsMustNotExceedCredits = false
            creditsMustNotExceedDebits = false
            return
        }
        func flag(_ name: FieldName) -> Bool { host.member(node, name)?.boolValue ?? false }
        currency = host.member(node, Self.names.currency)?.stringValue ?? ""
        isClosed = flag(Self.names.closed)
        debitsMustNotExceedCredits = flag(Self.names.debitsMustNotExceedCredits)
        creditsMustNotExceedDebits = flag(Self.names.creditsMustNotExceedDebits)
    }

    /// An account that has not been opened yet.
    init(unopened id: String) {
        self.id = id
        currency = id.split(separator: "/").last.map(String.init) ?? ""
        debitsPending = .zero
        debitsPosted = .zero
        creditsPending = .zero
        creditsPosted = .zero
        isClosed = false
        debitsMustNotExceedCredits = false
        creditsMustNotExceedDebits = false
    }

    private enum names {
        static let currency = FieldName("currency")
        static let debitsPending = FieldName("debitsPending")
        static let debitsPosted = FieldName("debitsPosted")
        static let creditsPending = FieldName("creditsPending")
        static let creditsPosted = FieldName("creditsPosted")
        static let closed = FieldName("closed")
        static let debitsMustNotExceedCredits = FieldName("debitsMustNotExceedCredits")
        static let creditsMustNotExceedDebits = FieldName("creditsMustNotExceedDebits")
    }

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("available")
        available.write(to: &writer)
        writer.key("balance")
        balance.write(to: &writer)
        writer.key("closed")
        writer.bool(isClosed)
        writer.key("creditsPending")
        creditsPending.write(to: &writer)
        writer.key("creditsPosted")
        creditsPosted.write(to: &writer)
        writer.key("currency")
        writer.string(currency)
        writer.key("debitsPending")
        debitsPending.write(to: &writer)
        writer.key("debitsPosted")
        debitsPosted.write(to: &writer)
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
