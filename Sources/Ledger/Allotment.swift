package import AgentKit

/// Shares that divide any amount without losing or making a unit.
package struct Allotment: Sendable {
    /// Numerators over `whole`, in the order of the shares.
    private let numerators: [Int64]
    private let whole: Int64

    /// Checks that the shares make up one whole.
    package init(_ shares: [Share]) throws(AllotmentError) {
        var common: Int64 = 1
        var remaining: Int?
        for (index, share) in shares.enumerated() {
            switch share {
            case .remaining:
                guard remaining == nil else { throw .twoRemaining }
                remaining = index
            case .fraction(_, let denominator):
                common = try Self.leastCommonMultiple(common, denominator)
            }
        }
        var numerators: [Int64] = []
        var left = common
        for case .fraction(let numerator, let denominator) in shares {
            let part = common / denominator * numerator
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

    /// The parts of `amount`: each floored, then one unit each to the parts whose share is not zero, from the first,
    /// until the sum is the amount.
    package func parts(of amount: Amount) -> [Amount] {
        var left = amount.minorUnits
        var parts = numerators.map { numerator in
            let part = Int64(Int128(amount.minorUnits) * Int128(numerator) / Int128(whole))
            left -= part
            return part
        }
        for index in parts.indices where left > 0 && numerators[index] != 0 {
            parts[index] += 1
            left -= 1
        }
        return parts.map(Amount.init)
    }

    private static func leastCommonMultiple(_ a: Int64, _ b: Int64) throws(AllotmentError) -> Int64 {
        var (x, y) = (a, b)
        while y != 0 { (x, y) = (y, x % y) }
        let (multiple, overflow) = (a / x).multipliedReportingOverflow(by: b)
        guard !overflow else { throw .sharesTooFine }
        return multiple
    }
}
