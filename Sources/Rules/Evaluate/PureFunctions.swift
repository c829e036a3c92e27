import AgentKit

/// The functions on money that need no state.
enum MoneyFunctions {
    static func all(_ currencies: Currencies) -> [Function] { [basisPoints, amountOf(currencies), money(currencies)] }

    /// `basisPoints(amount, bp)`: that many ten-thousandths of the amount, rounded down, computed in 128 bits.
    private static let basisPoints = Function(
        "basisPoints",
        [
            Function.Overload([.int, .int], result: .int) { arguments in
                guard case .int(let amount) = arguments[0], case .int(let points) = arguments[1] else {
                    return .failure(.noSuchOverload, "basisPoints needs an amount and an int")
                }
                return share(amount, points).map(Value.int) ?? beyond
            },
            Function.Overload([.money, .int], result: .money) { arguments in
                guard case .money(let amount) = arguments[0], case .int(let points) = arguments[1] else {
                    return .failure(.noSuchOverload, "basisPoints needs an amount and an int")
                }
                return share(amount.minorUnits, points).map { .money(Money($0, amount.currency)) } ?? beyond
            },
        ])

    /// Nil where it does not fit in 64 bits.
    private static func share(_ amount: Int64, _ points: Int64) -> Int64? {
        let product = Int128(amount) * Int128(points)
        var quotient = product / 10_000
        if product % 10_000 < 0 { quotient -= 1 }
        return Int64(exactly: quotient)
    }

    private static let beyond = Value.failure(.overflow, "basisPoints is beyond 64 bits")

    /// `amountOf(minorUnits, currency)`: money in a currency that is listed; of no currency there is only nothing.
    private static func amountOf(_ currencies: Currencies) -> Function {
        Function(
            "amountOf",
            [
                Function.Overload([.int, .string], result: .money) { arguments in
                    guard case .int(let minorUnits) = arguments[0], let currency = CurrencyCode(arguments[1]),
                        currency != .none || minorUnits == 0
                    else { return .failure(.invalidArgument, "amountOf needs an int and the code of a currency") }
                    guard currency == .none || currencies.isListed(currency) else {
                        return .failure(.invalidArgument, "unknown currency `\(currency.text)`")
                    }
                    return .money(Money(minorUnits, currency))
                }
            ])
    }

    /// `money(amount)` and `money(minorUnits, currency)`: text for people, `PKR 1,999.00`.
    private static func money(_ currencies: Currencies) -> Function {
        Function(
            "money",
            [
                Function.Overload([.int, .string], result: .string, cost: 10) { arguments in
                    guard case .int(let amount) = arguments[0], let currency = arguments[1].stringValue else {
                        return .failure(.noSuchOverload, "money needs an int and a string")
                    }
                    guard let text = currencies.text(amount: amount, currency: currency) else {
                        return .failure(.invalidArgument, "unknown currency `\(currency)`")
                    }
                    return .string(text)
                },
                Function.Overload([.money], result: .string, cost: 10) { arguments in
                    guard case .money(let amount) = arguments[0] else {
                        return .failure(.noSuchOverload, "money needs an amount")
                    }
                    let currency = amount.currency.text
                    guard let text = currencies.text(amount: amount.minorUnits, currency: currency) else {
                        return .failure(.invalidArgument, "unknown currency `\(currency)`")
                    }
                    return .string(text)
                },
            ])
    }
}

extension Calendar {
    /// `monthsAfter(moment, months)`: the same time of day so many months later in the calendar's zone, on the month's
    /// last day where it has no such day.
    var monthsAfter: Function {
        Function(
            "monthsAfter",
            [
                Function.Overload([.timestamp, .int], result: .timestamp) { arguments in
                    guard case .timestamp(let from) = arguments[0], let months = arguments[1].intValue,
                        let later = later(Instant(from), months: months)
                    else { return .failure(.overflow, "a moment outside the years 1 to 9999") }
                    return .timestamp(Timestamp(later))
                }
            ])
    }
}
