/// An amount in minor units of its currency (PKR 1,999 is 199900), as a value of expressions.
package struct Money: Hashable, Sendable {
    package let minorUnits: Int64
    package let currency: CurrencyCode

    package init(_ minorUnits: Int64, _ currency: CurrencyCode) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// No money in no currency: it takes that of what it is added to or compared with.
    package static let nothing = Money(0, .none)

    /// The currency that two amounts share; nil where they have different ones.
    @inline(__always)
    static func common(_ a: Money, _ b: Money) -> CurrencyCode? {
        if a.currency == b.currency { return a.currency }
        if a == nothing { return b.currency }
        return b == nothing ? a.currency : nil
    }

    /// The same amount of the same currency.
    static func isSame(_ a: Money, _ b: Money) -> Bool { a.minorUnits == b.minorUnits && common(a, b) != nil }

    /// A member by its name.
    func member(_ name: String) -> Value? {
        switch name {
        case "minorUnits": .int(minorUnits)
        case "currency": .string(currency.text)
        default: nil
        }
    }

    /// The members with their types.
    static let members: [(name: String, type: CELType)] = [("minorUnits", .int), ("currency", .string)]
}
