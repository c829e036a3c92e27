/// A part of a whole: basis points, an exact fraction, or what the others leave.
package enum Share: Hashable, Sendable {
    /// `numerator` of `denominator`, 0 to 1 in lowest terms.
    case fraction(numerator: Int64, denominator: Int64)
    case remaining

    /// Ten-thousandths.
    package init(basisPoints: Int64) throws(AllotmentError) {
        try self.init(numerator: basisPoints, denominator: 10_000)
    }

    /// Reads `1/3` or `remaining`.
    package init(_ text: String) throws(AllotmentError) {
        if text.utf8.elementsEqual("remaining".utf8) {
            self = .remaining
            return
        }
        let parts = text.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        guard parts.count == 2, let numerator = Self.digits(parts[0]), let denominator = Self.digits(parts[1]) else {
            throw .shareOutOfRange
        }
        try self.init(numerator: numerator, denominator: denominator)
    }

    private init(numerator: Int64, denominator: Int64) throws(AllotmentError) {
        guard denominator > 0, numerator >= 0, numerator <= denominator else { throw .shareOutOfRange }
        var (a, b) = (numerator, denominator)
        while b != 0 { (a, b) = (b, a % b) }
        self = .fraction(numerator: numerator / a, denominator: denominator / a)
    }

    private static func digits(_ text: Substring.UTF8View) -> Int64? {
        guard !text.isEmpty, text.count <= 18 else { return nil }
        var value: Int64 = 0
        for byte in text {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        return value
    }
}
