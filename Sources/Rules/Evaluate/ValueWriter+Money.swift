import AgentKit

/// The currency of the record that is being written.
extension ValueWriter {
    static var noCurrency: RuleFailure { RuleFailure(.type, "no amount says the currency") }

    /// The currency noted for the record around one that has its own.
    struct CurrencyScope {
        fileprivate let currency: CurrencyCode?
        fileprivate let holdsNothing: Bool
    }

    /// Begins a record that has a currency of its own.
    mutating func enterCurrency() -> CurrencyScope {
        defer { forgetCurrency() }
        return CurrencyScope(currency: currency, holdsNothing: holdsNothing)
    }

    /// Ends the record.
    mutating func leaveCurrency(_ around: CurrencyScope) throws(RuleFailure) {
        if currency == nil, holdsNothing { throw Self.noCurrency }
        currency = around.currency
        holdsNothing = around.holdsNothing
    }

    mutating func forgetCurrency() {
        currency = nil
        holdsNothing = false
    }

    /// All amounts of a record, and of those in it that have none of their own, are in one currency.
    mutating func note(_ code: CurrencyCode) throws(RuleFailure) {
        if let currency, currency != code {
            throw RuleFailure(.type, "amounts in `\(currency.text)` and in `\(code.text)` in one record")
        }
        currency = code
    }

    mutating func note(_ money: Money) throws(RuleFailure) {
        if money.currency == .none { holdsNothing = true } else { try note(money.currency) }
    }

    /// Notes the currencies of an amount, a list of them or an optional that holds either.
    mutating func note(amounts value: Value) throws(RuleFailure) {
        switch value {
        case .money(let money): try note(money)
        case .list(let amounts): for amount in amounts { try note(amounts: amount) }
        case .optional(let content): if let value = content.value { try note(amounts: value) }
        default: break
        }
    }

    /// Writes the member `currency` that amounts bring; none where it may be absent and no amount is there.
    mutating func broughtCurrency(isOptional: Bool) throws(RuleFailure) {
        guard let currency else {
            guard isOptional, !holdsNothing else { throw Self.noCurrency }
            return
        }
        writeCurrency(currency)
    }

    /// Notes the currency of a record that a rule made as a whole, before any of it is written.
    mutating func note(_ entries: [(String, Value)], _ schema: RecordSchema) throws(RuleFailure) {
        for (name, value) in entries {
            if schema.amounts.contains(name) {
                try note(amounts: value)
            } else if name == RecordSchema.currencyName, let code = CurrencyCode(value) {
                try note(code)
            }
        }
    }
}
