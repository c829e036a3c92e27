package import CEL
package import JSON

/// An amount of money in integer minor units of its currency (PKR 1,999 is 199900): 0 to 2^53 − 1.
@usableFromInline package struct Amount: Hashable, Comparable, Sendable {
    @usableFromInline package let minorUnits: Int64

    @inlinable package init(_ minorUnits: Int64) { self.minorUnits = minorUnits }

    /// 2^53 − 1, the greatest integer that JSON carries exactly.
    @inlinable package static var greatest: Amount { Amount(9_007_199_254_740_991) }
    @inlinable package static var zero: Amount { Amount(0) }

    /// Indicates that the amount is 0 to 2^53 − 1.
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

/// A sum of many amounts, in integer minor units of their currency: 128 bits, so that no number of transfers ends an
/// account.
@usableFromInline package struct Total: Hashable, Comparable, Sendable {
    @usableFromInline package let minorUnits: Int128

    @inlinable package init(_ minorUnits: Int128) { self.minorUnits = minorUnits }
    @inlinable package init(_ amount: Amount) { minorUnits = Int128(amount.minorUnits) }

    /// 2^127 − 1.
    @inlinable package static var greatest: Total { Total(Int128.max) }
    @inlinable package static var zero: Total { Total(0 as Int128) }

    /// The total as an amount, where it is beyond ±(2^53 − 1) the nearest that JSON and rules can carry.
    @inlinable package var saturated: Amount {
        let most = Int128(Amount.greatest.minorUnits)
        return Amount(Int64(truncatingIfNeeded: min(most, max(-most, minorUnits))))
    }

    /// The total as an amount; nil beyond ±(2^53 − 1).
    @inlinable package var exact: Amount? {
        let amount = saturated
        return Int128(amount.minorUnits) == minorUnits ? amount : nil
    }

    @inlinable package static func < (a: Total, b: Total) -> Bool { a.minorUnits < b.minorUnits }
    @inlinable package static func + (a: Total, b: Total) -> Total { Total(a.minorUnits &+ b.minorUnits) }
    @inlinable package static func - (a: Total, b: Total) -> Total { Total(a.minorUnits &- b.minorUnits) }
    @inlinable package static func + (a: Total, b: Amount) -> Total { a + Total(b) }
    @inlinable package static func += (a: inout Total, b: Total) { a = a + b }
    @inlinable package static func += (a: inout Total, b: Amount) { a = a + b }
    @inlinable package static func -= (a: inout Total, b: Amount) { a = a - Total(b) }
}

extension Total: ExpressibleByIntegerLiteral {
    @inlinable package init(integerLiteral minorUnits: Int64) { self.init(Int128(minorUnits)) }
}

extension Total {
    /// Reads what `write` or a row's value says: an integer, or a decimal text; nil for anything else.
    package init?(_ value: Value?) {
        switch value {
        case .int(let minorUnits): self.init(Int128(minorUnits))
        case .string(let text):
            guard let minorUnits = Int128(text) else { return nil }
            self.init(minorUnits)
        default: return nil
        }
    }

    /// Reads an integer or a decimal text; nil for anything else.
    package init?(_ view: View?) {
        if let minorUnits = view?.int {
            self.init(Int128(minorUnits))
        } else if let text = view?.string, let minorUnits = Int128(text) {
            self.init(minorUnits)
        } else {
            return nil
        }
    }

    /// Writes an integer, beyond ±(2^53 − 1) a decimal text.
    package func write(to writer: inout CanonicalWriter) {
        if let exact { writer.int(exact.minorUnits) } else { writer.string(String(minorUnits)) }
    }
}

/// The members of a record that are amounts in minor units, and those of records in it by the name of the member that
/// holds them: the basis for showing a record to people.
package struct AmountMembers: Hashable, Sendable {
    private let names: Set<String>
    private let inner: [String: AmountMembers]

    package init(_ names: some Sequence<String>, inner: [String: AmountMembers] = [:]) {
        self.names = Set(names)
        self.inner = inner.filter { !$0.value.isEmpty }
    }

    package static let none = AmountMembers([])

    package var isEmpty: Bool { names.isEmpty && inner.isEmpty }

    package func contains(_ name: String) -> Bool { names.contains(name) }

    /// The amounts in a member that is a record, or a list or map of them.
    package func within(_ name: String) -> AmountMembers { inner[name] ?? .none }
}
