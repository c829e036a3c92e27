package import AgentKit

/// Shares that divide any amount without losing or making a unit.
package struct Allotment: Sendable {
    /// Numerators over `whole`, in the order of the shares.
    private let numerators: [UInt128]
    private let whole: UInt128

    /// Checks that the shares make up one whole.
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
