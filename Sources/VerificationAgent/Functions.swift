package import AgentKit

extension VerificationAgent {
    package static func functions(_ state: VerificationState) -> [Function] {
        [
            Function(
                "millionths",
                [
                    .init([.dyn], result: .int, cost: 5) { arguments in
                        let converted: Int64? =
                            switch arguments[0] {
                            case .double(let value): Millionths.of(value)
                            case .int(let value): Millionths.of(value)
                            default: nil
                            }
                        guard let converted else { return .failure(.invalidArgument, "a number within 9 * 10^12") }
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

    /// `name(user, from, to)`: what a person's days brought between two moments, the days of both included.
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

/// Decimals as integers of 10⁻⁶, from the digits that entries write.
enum Millionths {
    /// The number rounded half up; nil beyond 64 bits.
    static func of(_ value: Double) -> Int64? {
        guard value.isFinite else { return nil }
        return of(digits: ECMAScriptNumber.text(value))
    }

    static func of(_ value: Int64) -> Int64? {
        let (product, isBeyond) = value.multipliedReportingOverflow(by: 1_000_000)
        return isBeyond ? nil : product
    }

    /// Reads `-12.5e-7`.
    private static func of(digits text: String) -> Int64? {
        var digits: [UInt8] = []
        var isNegative = false
        var point: Int?
        var exponent = 0
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): point = digits.count
            case UInt8(ascii: "e"):
                let written = text.utf8.dropFirst(index + 1)
                exponent = Int(Substring(written.first == UInt8(ascii: "+") ? written.dropFirst() : written)) ?? 0
                return scaled(digits, places: (point ?? digits.count) + exponent + 6, isNegative: isNegative)
            default: digits.append(byte - UInt8(ascii: "0"))
            }
        }
        return scaled(digits, places: (point ?? digits.count) + 6, isNegative: isNegative)
    }

    /// The first `places` digits as a number; the rest decides how it is rounded.
    private static func scaled(_ digits: [UInt8], places: Int, isNegative: Bool) -> Int64? {
        guard places >= 0 else { return 0 }
        var value: Int64 = 0
        for place in 0..<min(places, 400) {
            let (tens, isBeyond) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = tens.addingReportingOverflow(place < digits.count ? Int64(digits[place]) : 0)
            guard !isBeyond, !isOver else { return nil }
            value = sum
        }
        let rest = places < digits.count ? digits[places...] : []
        let isHalfOrMore = (rest.first ?? 0) >= 5
        let isExactlyHalf = rest.first == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
        // Half up is towards the greater number, also below zero.
        let roundsAway = isNegative ? isHalfOrMore && !isExactlyHalf : isHalfOrMore
        let magnitude = roundsAway ? value.addingReportingOverflow(1).partialValue : value
        return isNegative ? -magnitude : magnitude
    }
}
