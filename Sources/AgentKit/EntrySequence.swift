/// The position of an entry in the log, from 0.
package struct EntrySequence: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let value: UInt64

    @inlinable package init(_ value: UInt64) { self.value = value }

    @inlinable package static func < (a: EntrySequence, b: EntrySequence) -> Bool { a.value < b.value }

    /// The length of the padded form.
    package static let digits = 16

    /// The position as 16 zero-padded decimal digits, the form in which entries carry it.
    package var padded: String {
        unsafe String(unsafeUninitializedCapacity: 16) { buffer in
            unsafe write(into: UnsafeMutableRawBufferPointer(buffer))
            return 16
        }
    }

    /// Writes the 16 digits of `padded` into `buffer`.
    package func write(into buffer: UnsafeMutableRawBufferPointer) {
        var rest = value
        for i in stride(from: 15, through: 0, by: -1) {
            unsafe buffer[i] = UInt8(0x30 + rest % 10)
            rest /= 10
        }
    }

    /// Reads the 16-digit form; nil for anything else.
    package init?(padded text: some StringProtocol) {
        guard text.utf8.count == 16 else { return nil }
        var value: UInt64 = 0
        for byte in text.utf8 {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + UInt64(byte - 0x30)
        }
        self.value = value
    }

    package var description: String { "#\(value)" }
}
