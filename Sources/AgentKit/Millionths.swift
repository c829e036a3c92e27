import JSON

/// A decimal number cut to millionths (10^−6), read from the digits in which entries write it: no binary fraction
/// rounds it. There are two roundings, as the two uses of it have always had theirs.
package struct Millionths {
    /// The part of the number below its last whole millionth.
    private enum Rest {
        case belowHalf
        case half
        case aboveHalf
    }

    private let isNegative: Bool
    /// The magnitude in whole millionths, cut; nil beyond 64 bits.
    private let magnitude: Int64?
    private let rest: Rest

    /// Reads a number as ECMAScript and canonical JSON write it, `-12.5e-7`, given as UTF-8.
    package init(_ text: UnsafeRawBufferPointer) {
        var digits: [UInt8] = []
        var isNegative = false
        var point: Int?
        var exponent = 0
        var (isExponent, isExponentNegative) = (false, false)
        for index in 0..<text.count {
            switch unsafe text[index] {
            case UInt8(ascii: "-"): if isExponent { isExponentNegative = true } else { isNegative = true }
            case UInt8(ascii: "+"): break
            case UInt8(ascii: "."): point = digits.count
            case UInt8(ascii: "e"): isExponent = true
            case let digit where isExponent: exponent = exponent &* 10 &+ Int(digit &- UInt8(ascii: "0"))
            case let digit: digits.append(digit &- UInt8(ascii: "0"))
            }
        }
        let places = (point ?? digits.count) &+ (isExponentNegative ? 0 &- exponent : exponent) &+ 6
        self.isNegative = isNegative
        magnitude = places < 0 ? 0 : Self.number(digits, places: places)
        rest = places < 0 ? .belowHalf : Self.rest(digits.dropFirst(places))
    }

    /// Reads the shortest decimal text of a double; nil where it is not finite.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        self = unsafe KeyIndex.withBytes(of: ECMAScriptNumber.text(value)) { unsafe Millionths($0) }
    }

    /// The nearest number of millionths, halves towards the greater number, also below zero; nil beyond 64 bits.
    package var roundedUp: Int64? {
        guard let magnitude else { return nil }
        let isAway = rest == .aboveHalf || rest == .half && !isNegative
        let rounded = isAway ? magnitude &+ 1 : magnitude
        return isNegative ? 0 &- rounded : rounded
    }

    /// The nearest number of millionths, halves away from zero; what lies beyond ±`greatest` saturates before rounding.
    package func roundedAway(atMost greatest: Int64) -> Int64 {
        let cut = min(greatest, magnitude ?? greatest)
        let rounded = rest == .belowHalf ? cut : cut + 1
        return isNegative ? -rounded : rounded
    }

    /// The first `places` digits as a number, zeros behind the last; nil beyond 64 bits.
    private static func number(_ digits: [UInt8], places: Int) -> Int64? {
        var value: Int64 = 0
        // A double has no more than 309 digits before the point.
        for place in 0..<min(places, 400) {
            let (tens, isBeyond) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = tens.addingReportingOverflow(place < digits.count ? Int64(digits[place]) : 0)
            guard !isBeyond, !isOver else { return nil }
            value = sum
        }
        return value
    }

    private static func rest(_ digits: ArraySlice<UInt8>) -> Rest {
        guard let first = digits.first, first >= 5 else { return .belowHalf }
        return first == 5 && digits.dropFirst().allSatisfy { $0 == 0 } ? .half : .aboveHalf
    }
}
