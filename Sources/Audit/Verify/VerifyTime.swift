/// A recorded time, `YYYY-MM-DDThh:mm:ss.mmmZ`, as three words whose order is that of the times.
struct VerifyTime: Comparable, Sendable {
    private let words: (UInt64, UInt64, UInt64)

    /// The time that 24 bytes spell, or nil where they are not exactly a real date and time.
    init?(_ text: UnsafeRawBufferPointer) {
        guard text.count == 24 else { return nil }
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
