package import AgentKit

extension VerificationAgent {
    package static func functions(_ state: VerificationState) -> [Function] {
        [
            Function(
                "millionths",
                [
                    .init([.dyn], result: .int, cost: 5) { arguments in
                        guard let converted = millionths(arguments[0]) else {
                            return .failure(.invalidArgument, "a number within 9 * 10^12")
                        }
                        return .int(converted)
                    }
                ]),
            window("ordersBetween", state, \.orders),
            window("complaintsBetween", state, \.complaints),
            window("boughtBetween", state, \.bought),
            window("complainedBetween", state, \.complained),
            excerpt("tradesBefore", state) { state.trades(before: $0, most: $1) },
            excerpt("documentsExpired", state) { state.documentsExpired(by: $0, most: $1) },
            Function(
                "levelsWithoutLock",
                [
                    .init([.dyn, .string, .int], result: .dyn, cost: 1000) { arguments in
                        guard let currency = arguments[1].stringValue, let most = arguments[2].intValue else {
                            return .failure(.invalidArgument, "coins by level, a currency and a number")
                        }
                        return state.levelsWithoutLock(arguments[0], currency: currency, most: most).celValue
                    }
                ]),
        ]
    }

    /// A number in millionths; nil for anything else and beyond 64 bits.
    private static func millionths(_ value: Value) -> Int64? {
        switch value {
        case .double(let number): return Millionths(number)?.roundedUp
        case .int(let number):
            let (product, isBeyond) = number.multipliedReportingOverflow(by: 1_000_000)
            return isBeyond ? nil : product
        default: return nil
        }
    }

    /// `name(user, from, to)`: the sum of a column over a person's days between two moments, the days of both included.
    private static func window(
        _ name: String, _ state: VerificationState, _ column: any KeyPath<TradeDay, Int64> & Sendable
    ) -> Function {
        Function(
            name,
            [
                .init([.string, .timestamp, .timestamp], result: .int, cost: 50) { arguments in
                    guard let user = arguments[0].stringValue, case .timestamp(let from) = arguments[1],
                        case .timestamp(let to) = arguments[2]
                    else { return .failure(.invalidArgument, "a user and two moments") }
                    return .int(state.sum(column, of: user, from: Instant(from), to: Instant(to)))
                }
            ])
    }

    /// `name(moment, most)`: `{count, items}`, all that there are and the first of them.
    private static func excerpt(
        _ name: String, _ state: VerificationState, _ body: @escaping @Sendable (Instant, Int64) -> Excerpt
    ) -> Function {
        Function(
            name,
            [
                .init([.timestamp, .int], result: .dyn, cost: 1000) { arguments in
                    guard case .timestamp(let moment) = arguments[0], let most = arguments[1].intValue else {
                        return .failure(.invalidArgument, "a moment and a number")
                    }
                    return body(Instant(moment), most).celValue
                }
            ])
    }
}
