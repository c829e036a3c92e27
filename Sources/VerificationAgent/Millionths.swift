import AgentKit

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
