/// An amount of money in minor units of its currency (PKR 1,999 is 199900).
package struct Money: Hashable, Sendable {
    package let minorUnits: Int64
    package let currency: CurrencyCode

    package init(_ minorUnits: Int64, _ currency: CurrencyCode) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// Zero without a currency: it takes the currency of the amount it is added to or compared with.
    package static let nothing = Money(0, .none)

    /// The currency that two amounts share; nil if they have different ones.
    @inline(__always)
    static func common(_ a: Money, _ b: Money) -> CurrencyCode? {
        if a.currency == b.currency { return a.currency }
        if a == nothing { return b.currency }
        return b == nothing ? a.currency : nil
    }

    /// Returns whether two amounts are equal and of one currency.
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

/// A currency code of up to 8 ASCII letters and digits, packed into 64 bits with the first in the lowest byte.
package struct CurrencyCode: Hashable, Sendable {
    package let bits: UInt64

    @inlinable init(bits: UInt64) { self.bits = bits }

    /// No currency.
    @inlinable package static var none: CurrencyCode { CurrencyCode(bits: 0) }

    @inlinable package static var bytesMax: Int { 8 }

    /// Nil for bytes that are not a code; `none` for no bytes.
    @inlinable package init?(_ utf8: some Collection<UInt8>) {
        guard utf8.count <= Self.bytesMax else { return nil }
        var bits: UInt64 = 0
        var shift: UInt64 = 0
        for byte in utf8 {
            guard byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 else { return nil }
            bits |= UInt64(byte) << shift
            shift += 8
        }
        self.init(bits: bits)
    }

    /// Nil for a text that is not a code; `none` for an empty one.
    package init?(_ text: String) { self.init(text.utf8) }

    /// The code in a string value; nil for anything else.
    package init?(_ value: Value) {
        guard let code = value.withUTF8({ unsafe CurrencyCode($0.raw) }) ?? nil else { return nil }
        self = code
    }

    package var text: String {
        unsafe withUnsafeBytes(of: bits.littleEndian) { unsafe String(decoding: $0.prefix(count), as: UTF8.self) }
    }

    private var count: Int { Self.bytesMax - bits.leadingZeroBitCount / 8 }
}
