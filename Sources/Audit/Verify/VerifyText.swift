/// The rules of canonical strings that are needed seldom.
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

    /// The place of a first differing byte in UTF-16 order: characters of four bytes are surrogates there and come
    /// before U+E000 to U+FFFF, which have the first bytes 0xEE and 0xEF.
    @inline(__always)
    static func rank(_ byte: UInt8) -> UInt8 {
        if byte < 0xEE { return byte }
        return byte >= 0xF0 ? byte - 2 : byte + 5
    }

    /// Whether one name comes before another in UTF-16 order.
    static func rises(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        for (x, y) in zip(a, b) where x != y { return rank(x) < rank(y) }
        return a.count < b.count
    }

    /// A canonical string without its escapes.
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
