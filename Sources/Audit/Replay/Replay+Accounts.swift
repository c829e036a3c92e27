package import AgentKit
import Engine
import JSON

/// The accounts of one currency together.
package struct BalanceSum: Sendable, Hashable {
    package let currency: String
    package internal(set) var accounts = 0
    /// All posted debits, in minor units.
    package internal(set) var debits = Total.zero
    /// All posted credits, in minor units.
    package internal(set) var credits = Total.zero
    /// What is above or below zero; in a sound ledger 0.
    package var sum: Total { credits - debits }

    /// `{accounts, credits, currency, debits, sum}`, canonical; amounts that JSON cannot carry are texts.
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

extension Replay {
    /// One account's balances; nil for an account not opened by then.
    package func account(_ id: String) -> AccountLine? {
        machine.tables.named("accounts")?.value(id).map { AccountLine(id, $0) }
    }

    /// Every account in byte order of the paths, of one currency or of all; `body` says whether to go on.
    package func accounts(currency: String? = nil, body: (AccountLine) -> Bool) {
        guard let table = machine.tables.named("accounts") else { return }
        table.forEachKey { id in
            guard let row = table.value(id) else { return true }
            let line = AccountLine(id, row)
            return currency.map { $0 != line.currency } ?? false ? true : body(line)
        }
    }

    /// What all accounts of each currency come to, in byte order of the currencies.
    package func balanceSums() -> [BalanceSum] {
        var sums: [String: BalanceSum] = [:]
        accounts { line in
            var sum = sums[line.currency] ?? BalanceSum(currency: line.currency)
            sum.accounts += 1
            sum.debits += line.debitsPosted
            sum.credits += line.creditsPosted
            sums[line.currency] = sum
            return true
        }
        return sums.values.sorted { $0.currency.utf8.lexicographicallyPrecedes($1.currency.utf8) }
    }
}
