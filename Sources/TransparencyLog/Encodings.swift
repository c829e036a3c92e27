/// Base64 with the standard alphabet and padding (RFC 4648 section 4), read strictly.
package enum Base64 {
    private static let alphabet: [UInt8] =
        Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (i, character) in alphabet.enumerated() { values[Int(character)] = UInt8(i) }
        return values
    }()

    /// The number of characters that encode `count` bytes.
    package static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    /// Writes the encoded form at the start of `out`, which must have room, and returns its length.
    package static func encode(_ bytes: UnsafeRawBufferPointer, into out: UnsafeMutableRawBufferPointer) -> Int {
        precondition(out.count >= encodedCount(bytes.count), "no room for the base64 form")
        return unsafe alphabet.withUnsafeBufferPointer { table in
            var i = 0, o = 0
            while i + 3 <= bytes.count {
                let word = unsafe Int(bytes[i]) << 16 | Int(bytes[i + 1]) << 8 | Int(bytes[i + 2])
                unsafe out[o] = table[word >> 18]
                unsafe out[o + 1] = table[word >> 12 & 63]
                unsafe out[o + 2] = table[word >> 6 & 63]
                unsafe out[o + 3] = table[word & 63]
                i += 3
                o += 4
            }
            let rest = bytes.count - i
            if rest > 0 {
                let word = unsafe Int(bytes[i]) << 16 | (rest == 2 ? Int(bytes[i + 1]) << 8 : 0)
                unsafe out[o] = table[word >> 18]
                unsafe out[o + 1] = table[word >> 12 & 63]
                unsafe out[o + 2] = rest == 2 ? table[word >> 6 & 63] : UInt8(ascii: "=")
                unsafe out[o + 3] = UInt8(ascii: "=")
                o += 4
            }
            return o
        }
    }

    /// The encoded form.
    package static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        unsafe String(unsafeUninitializedCapacity: encodedCount(bytes.count)) { out in
            unsafe encode(bytes, into: UnsafeMutableRawBufferPointer(out))
        }
    }

    /// The encoded form.
    package static func encode(_ bytes: [UInt8]) -> String { unsafe bytes.withUnsafeBytes { unsafe encode($0) } }

    /// The bytes; nil if the text is not exactly their encoding: other characters, missing or surplus padding, set bits
    /// that padding drops.
    package static func decodeStrict(_ text: some Sequence<UInt8>) -> [UInt8]? {
        let text = Array(text)
        guard text.count % 4 == 0 else { return nil }
        guard let last = text.last else { return [] }
        let padding = last != UInt8(ascii: "=") ? 0 : text[text.count - 2] == UInt8(ascii: "=") ? 2 : 1
        var out: [UInt8] = []
        out.reserveCapacity(text.count / 4 * 3)
        var word: UInt32 = 0
        var pending = 0
        for character in text.dropLast(padding) {
            let value = values[Int(character)]
            guard value != 0xFF else { return nil }
            word = word << 6 | UInt32(value)
            pending += 1
            if pending == 4 {
                out += [UInt8(truncatingIfNeeded: word >> 16), UInt8(truncatingIfNeeded: word >> 8)]
                out.append(UInt8(truncatingIfNeeded: word))
                word = 0
                pending = 0
            }
        }
        switch (padding, pending) {
        case (0, 0): return out
        case (1, 3):
            guard word & 3 == 0 else { return nil }
            return out + [UInt8(truncatingIfNeeded: word >> 10), UInt8(truncatingIfNeeded: word >> 2)]
        case (2, 2):
            guard word & 15 == 0 else { return nil }
            return out + [UInt8(truncatingIfNeeded: word >> 4)]
        default: return nil
        }
    }

    /// The bytes of a string's strict base64, or nil.
    package static func decodeStrict(_ text: String) -> [UInt8]? { decodeStrict(text.utf8) }
}

/// Unsigned decimal numbers as the C2SP formats write them: ASCII digits, no sign, no leading zero.
package enum Decimal {
    /// The number; nil if the text is anything else or does not fit in 64 bits.
    package static func parse(_ text: some Collection<UInt8>) -> UInt64? {
        guard let first = text.first, text.count == 1 || first != UInt8(ascii: "0") else { return nil }
        var value: UInt64 = 0
        for digit in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (tens, tooMany) = value.multipliedReportingOverflow(by: 10)
            let (sum, tooLarge) = tens.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
            guard !tooMany, !tooLarge else { return nil }
            value = sum
        }
        return value
    }
}

extension BinaryInteger {
    /// The digits of a number that is not negative, with zeros before them up to a width.
    package func zeroPadded(to width: Int, radix: Int = 10) -> String {
        let digits = String(self, radix: radix)
        return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
    }
}

/// Splits bytes into lines that all end in a line feed.
struct TextLines {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The bytes not yet taken.
    var remaining: ArraySlice<UInt8> { rest }

    /// The next line without its line feed; nil if there is none that ends in one.
    mutating func next() -> ArraySlice<UInt8>? {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return rest[rest.startIndex..<end]
    }
}

extension ArraySlice<UInt8> {
    /// The bytes after a prefix; nil if they do not start with it.
    func after(_ prefix: String) -> ArraySlice<UInt8>? {
        starts(with: prefix.utf8) ? dropFirst(prefix.utf8.count) : nil
    }

    /// The text; nil if it is not UTF-8.
    var text: String? { String(validating: self, as: UTF8.self) }
}

extension String {
    /// Returns whether two strings have the same bytes; `==` also equates different normal forms.
    func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
