package import AgentKit

/// Shares that divide any amount without losing or making a unit.
package struct Allotment: Sendable {
    /// Numerators over `whole`, in the order of the shares.
    private let numerators: [UInt128]
    private let whole: UInt128

    /// Checks that the shares make up one whole.
    /// - Throws: `AllotmentError` where they do not, or have no common denominator of 128 bits.
    package init(_ shares: [Share]) throws(AllotmentError) {
        var common: UInt128 = 1
        var remaining: Int?
        for (index, share) in shares.enumerated() {
            switch share {
            case .remaining:
                guard remaining == nil else { throw .twoRemaining }
                remaining = index
            case .fraction(_, let denominator):
                common = try Self.leastCommonMultiple(common, UInt128(denominator))
            }
        }
        var numerators: [UInt128] = []
        var left = common
        for case .fraction(let numerator, let denominator) in shares {
            let part = common / UInt128(denominator) * UInt128(numerator)
            guard part <= left else { throw .sumExceedsOne }
            left -= part
            numerators.append(part)
        }
        if let remaining {
            numerators.insert(left, at: remaining)
        } else if left != 0 {
            throw .sumBelowOne
        }
        self.numerators = numerators
        whole = common
    }

    /// The parts of `amount`, which is not negative: each floored, then one unit each to the parts whose share is not
    /// zero, from the first, until the sum is the amount.
    package func parts(of amount: Amount) -> [Amount] {
        var left = amount.minorUnits
        var parts = numerators.map { numerator in
            let product = numerator.multipliedFullWidth(by: UInt128(amount.minorUnits))
            let part = Int64(product.high == 0 ? product.low / whole : whole.dividingFullWidth(product).quotient)
            left -= part
            return part
        }
        for index in parts.indices where left > 0 && numerators[index] != 0 {
            parts[index] += 1
            left -= 1
        }
        return parts.map(Amount.init)
    }

    private static func leastCommonMultiple(_ a: UInt128, _ b: UInt128) throws(AllotmentError) -> UInt128 {
        var (x, y) = (a, b)
        while y != 0 { (x, y) = (y, x % y) }
        let (multiple, overflow) = (a / x).multipliedReportingOverflow(by: b)
        guard !overflow else { throw .sharesTooFine }
        return multiple
    }
}

/// The reason for which shares do not divide a whole; the raw value is the code.
package enum AllotmentError: String, Error, Sendable {
    case shareOutOfRange = "share_out_of_range"
    case twoRemaining = "two_remaining"
    case sumExceedsOne = "sum_exceeds_one"
    case sumBelowOne = "sum_below_one"
    /// The denominators have no common multiple of 128 bits.
    case sharesTooFine = "shares_too_fine"
}

extension AllotmentError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .shareOutOfRange: "a share is 0 to 10000 basis points, a fraction such as `1/3`, or `remaining`"
        case .twoRemaining: "only one share may be `remaining`"
        case .sumExceedsOne: "the shares are more than the whole"
        case .sumBelowOne: "the shares are less than the whole, and none is `remaining`"
        case .sharesTooFine: "the shares have no common denominator of 128 bits"
        }
    }
}

/// A part of a whole: basis points, an exact fraction, or what the others leave.
package enum Share: Hashable, Sendable {
    /// `numerator` of `denominator`, 0 to 1 in lowest terms.
    case fraction(numerator: Int64, denominator: Int64)
    case remaining

    /// A share in ten-thousandths.
    /// - Throws: `shareOutOfRange` where they are not 0 to 10,000.
    package init(basisPoints: Int64) throws(AllotmentError) {
        try self.init(numerator: basisPoints, denominator: 10_000)
    }

    /// Reads `1/3` or `remaining`.
    /// - Throws: `shareOutOfRange` for anything else.
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
