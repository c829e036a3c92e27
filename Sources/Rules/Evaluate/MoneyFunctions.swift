import AgentKit

/// The functions on money that need no state.
enum MoneyFunctions {
    static func all(_ currencies: Currencies) -> [Function] { [basisPoints, money(currencies)] }

    /// `basisPoints(amount, bp)`: that many ten-thousandths of the amount, rounded down, computed in 128 bits.
    private static let basisPoints = Function(
        "basisPoints",
        [
            Function.Overload([.int, .int], result: .int) { arguments in
                guard case .int(let amount) = arguments[0], case .int(let points) = arguments[1] else {
                    return .failure(.noSuchOverload, "basisPoints needs two ints")
                }
                let product = Int128(amount) * Int128(points)
                var quotient = product / 10_000
                if product % 10_000 < 0 { quotient -= 1 }
                guard let result = Int64(exactly: quotient) else {
                    return .failure(.overflow, "basisPoints is beyond 64 bits")
                }
                return .int(result)
            }
        ])

    /// `money(amount, currency)`: text for people, `PKR 1,999.00`.
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
                }
            ])
    }
}
