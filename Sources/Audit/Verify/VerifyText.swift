/// Rules of canonical strings off the scanner's fast path.
enum VerifyText {
    /// The value of two lower-case hexadecimal digits.
    static func hexPair(_ a: UInt8, _ b: UInt8) -> UInt8? {
        func digit(_ c: UInt8) -> UInt8? {
            switch c {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): c - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): c - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        guard let high = digit(a), let low = digit(b) else { return nil }
        return high << 4 | low
    }

    /// Rank of a differing byte in UTF-16 order: four-byte characters are surrogate pairs there and sort before U+E000
    /// to U+FFFF, whose first bytes are 0xEE and 0xEF.
    @inline(__always)
    static func rank(_ byte: UInt8) -> UInt8 {
        if byte < 0xEE { return byte }
        return byte >= 0xF0 ? byte - 2 : byte + 5
    }

    /// Returns true if name `a` sorts before `b` in UTF-16 order.
    static func rises(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        for (x, y) in zip(a, b) where x != y { return rank(x) < rank(y) }
        return a.count < b.count
    }

    /// A canonical string with its escapes resolved.
    static func unescaped(_ text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var i = 0
        while i < text.count {
            guard text[i] == UInt8(ascii: "\\"), i + 1 < text.count else {
                out.append(text[i])
                i += 1
                continue
            }
            switch text[i + 1] {
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "n"): out.append(0x0A)
            case UInt8(ascii: "f"): out.append(0x0C)
            case UInt8(ascii: "r"): out.append(0x0D)
            case UInt8(ascii: "u"):
                out.append(i + 5 < text.count ? hexPair(text[i + 4], text[i + 5]) ?? 0 : 0)
                i += 4
            default: out.append(text[i + 1])
            }
            i += 2
        }
        return out
    }
}

/// Non-integral numbers in the form of ECMAScript's `Number.prototype.toString`.
enum VerifyNumber {
    /// Returns true if a text is the canonical form of a finite number with a fraction.
    ///
    /// In canonical form integral values below 10^21 have neither fraction nor exponent, and those above 2^53 are not
    /// I-JSON.
    static func isCanonicalFraction(_ text: [UInt8]) -> Bool {
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return false }
        guard value.rounded(.towardZero) != value else { return false }
        return canonical(value).utf8.elementsEqual(text)
    }

    /// The canonical form of a finite, non-zero number: its shortest round-trip digits, laid out by ECMA-262 section
    /// 6.1.6.1.20.
    static func canonical(_ value: Double) -> String {
        let parts = value.magnitude.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        let exponent = parts.count > 1 ? Int(parts[1].drop { $0 == "+" }) ?? 0 : 0
        let whole = String(mantissa[0]), fraction = mantissa.count > 1 && mantissa[1] != "0" ? String(mantissa[1]) : ""
        var digits = Array((whole + fraction).utf8)
        var point = whole.utf8.count + exponent
        while digits.first == UInt8(ascii: "0") {
            digits.removeFirst()
            point -= 1
        }
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (value < 0 ? "-" : "") + layout(String(decoding: digits, as: UTF8.self), point)
    }

    /// Lays out digits with the decimal point after the first `point` of them.
    private static func layout(_ digits: String, _ point: Int) -> String {
        let count = digits.utf8.count
        if count <= point, point <= 21 { return digits + String(repeating: "0", count: point - count) }
        if point > 0, point <= 21 { return digits.prefix(point) + "." + digits.dropFirst(point) }
        if point > -6, point <= 0 { return "0." + String(repeating: "0", count: -point) + digits }
        let rest = count > 1 ? "." + digits.dropFirst() : ""
        return "\(digits.prefix(1))\(rest)e\(point > 0 ? "+" : "-")\(abs(point - 1))"
    }
}

/// A recorded time, `YYYY-MM-DDThh:mm:ss.mmmZ`, as three words that compare as the times do.
struct VerifyTime: Comparable, Sendable {
    static let bytes = 24
    private let words: (UInt64, UInt64, UInt64)

    /// Parses 24 bytes; nil unless they are exactly a real date and time.
    init?(_ text: UnsafeRawBufferPointer) {
        guard text.count == Self.bytes else { return nil }
        var isDigits = true
        for i in 0..<24 {
            let byte = unsafe text[i]
            switch i {
            case 4, 7: isDigits = isDigits && byte == UInt8(ascii: "-")
            case 10: isDigits = isDigits && byte == UInt8(ascii: "T")
            case 13, 16: isDigits = isDigits && byte == UInt8(ascii: ":")
            case 19: isDigits = isDigits && byte == UInt8(ascii: ".")
            case 23: isDigits = isDigits && byte == UInt8(ascii: "Z")
            default: isDigits = isDigits && byte &- UInt8(ascii: "0") < 10
            }
        }
        func pair(_ i: Int) -> Int { unsafe Int(text[i]) * 10 + Int(text[i + 1]) - 11 * Int(UInt8(ascii: "0")) }
        guard isDigits else { return nil }
        let year = pair(0) * 100 + pair(2), month = pair(5), day = pair(8)
        guard year > 0, (1...12).contains(month), day >= 1, day <= Self.days(year, month), pair(11) < 24,
            pair(14) < 60, pair(17) < 60
        else { return nil }
        func word(_ i: Int) -> UInt64 {
            unsafe UInt64(bigEndian: text.loadUnaligned(fromByteOffset: i, as: UInt64.self))
        }
        words = (word(0), word(8), word(16))
    }

    /// Returns true if this time is written in 24 bytes.
    @inline(__always)
    func isWritten(_ text: UnsafeRawBufferPointer) -> Bool {
        func word(_ i: Int) -> UInt64 {
            unsafe UInt64(bigEndian: text.loadUnaligned(fromByteOffset: i, as: UInt64.self))
        }
        return words == (word(0), word(8), word(16))
    }

    private static func days(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// The time as it was written.
    var text: String {
        var words = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian)
        return unsafe withUnsafeBytes(of: &words) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    static func == (a: VerifyTime, b: VerifyTime) -> Bool { a.words == b.words }
    static func < (a: VerifyTime, b: VerifyTime) -> Bool { a.words < b.words }
}
