package import AgentKit

/// The code of a currency (TigerBeetle's ledger): up to 15 bytes of ASCII, held without allocation.
@usableFromInline package struct Currency: Hashable, Sendable {
    @usableFromInline let low: UInt64
    @usableFromInline let high: UInt64

    @inlinable init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// No currency.
    @inlinable package static var none: Currency { Currency(low: 0, high: 0) }

    @inlinable package var isSet: Bool { low != 0 }

    /// The longest code, in bytes.
    @inlinable package static var bytesMax: Int { 15 }

    /// Reads a code; nil for an empty or too long one and for bytes outside `A-Z`, `a-z`, `0-9`.
    @inlinable package init?(_ utf8: some Collection<UInt8>) {
        guard !utf8.isEmpty, utf8.count <= Currency.bytesMax else { return nil }
        var low: UInt64 = 0
        var high: UInt64 = 0
        var shift: UInt64 = 0
        for byte in utf8 {
            let isDigit = byte &- 0x30 < 10
            guard isDigit || (byte | 0x20) &- 0x61 < 26 else { return nil }
            if shift < 64 { low |= UInt64(byte) << shift } else { high |= UInt64(byte) << (shift - 64) }
            shift += 8
        }
        self.init(low: low, high: high)
    }

    /// Reads a code; nil where it is not one.
    package init?(_ text: String) { self.init(text.utf8) }

    /// The currency of a code of rules; none for an empty code.
    package init(_ code: CurrencyCode) { self.init(low: code.bits, high: 0) }

    /// The code as values of rules have it; nil where it is too long for them.
    package var code: CurrencyCode? { CurrencyCode(utf8) }

    /// The code as text; empty where it is not set.
    package var text: String { String(decoding: utf8, as: UTF8.self) }

    /// The bytes of the code.
    @inlinable package var utf8: UTF8Bytes { UTF8Bytes(low: low, high: high) }

    /// The bytes of a code, one after another.
    @usableFromInline package struct UTF8Bytes: Collection, Sendable {
        @usableFromInline let low: UInt64
        @usableFromInline let high: UInt64

        @inlinable init(low: UInt64, high: UInt64) {
            self.low = low
            self.high = high
        }

        @inlinable package var startIndex: Int { 0 }
        @inlinable package var endIndex: Int {
            high == 0 ? 8 - low.leadingZeroBitCount / 8 : 16 - high.leadingZeroBitCount / 8
        }
        @inlinable package func index(after index: Int) -> Int { index + 1 }
        @inlinable package subscript(index: Int) -> UInt8 {
            UInt8(truncatingIfNeeded: index < 8 ? low >> UInt64(8 * index) : high >> UInt64(8 * (index - 8)))
        }
    }
}

extension Currency: RowValue {
    package static var celType: CELType { .string }
    package var celValue: Value { .string(text) }
    package func encode(into writer: inout RowWriter) { writer.text(text) }
    package static func decode(from reader: inout RowReader) throws(RowError) -> Currency {
        let text = try reader.text()
        if text.isEmpty { return .none }
        guard let currency = Currency(text) else { throw RowError("no currency `\(text)`") }
        return currency
    }
}

extension Amount {
    /// The amount as rules see it: minor units alone where the code of its currency is too long for them.
    package func money(in currency: Currency) -> Value {
        currency.code.map { .money(Money(minorUnits, $0)) } ?? .int(minorUnits)
    }
}
