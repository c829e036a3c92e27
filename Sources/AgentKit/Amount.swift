/// An amount of money in integer minor units of its currency (PKR 1,999 is 199900): 0 to 2^53 − 1.
@usableFromInline package struct Amount: Hashable, Comparable, Sendable {
    @usableFromInline package let minorUnits: Int64

    @inlinable package init(_ minorUnits: Int64) { self.minorUnits = minorUnits }

    /// 2^53 − 1, the greatest integer that JSON carries exactly.
    @inlinable package static var greatest: Amount { Amount(9_007_199_254_740_991) }
    @inlinable package static var zero: Amount { Amount(0) }

    /// Whether the amount is 0 to 2^53 − 1.
    @inlinable package var isInRange: Bool { minorUnits >= 0 && minorUnits <= 9_007_199_254_740_991 }

    @inlinable package static func < (a: Amount, b: Amount) -> Bool { a.minorUnits < b.minorUnits }
    @inlinable package static func + (a: Amount, b: Amount) -> Amount { Amount(a.minorUnits &+ b.minorUnits) }
    @inlinable package static func - (a: Amount, b: Amount) -> Amount { Amount(a.minorUnits &- b.minorUnits) }
    @inlinable package static func += (a: inout Amount, b: Amount) { a = a + b }
    @inlinable package static func -= (a: inout Amount, b: Amount) { a = a - b }

    /// `basisPoints` ten-thousandths of the amount, rounded down; computed in 128 bits.
    package func basisPoints(_ basisPoints: Int64) -> Amount {
        Amount(Int64(Int128(minorUnits) * Int128(basisPoints) / 10_000))
    }
}
