/// Percent-encoding as in RFC 3986, section 2.1.
enum PercentEncoding {
    /// The decoded text, or nil for a `%` without two hexadecimal digits and for what is not UTF-8.
    static func decode(_ text: some Sequence<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var pending: (count: Int, value: UInt8) = (0, 0)
        for byte in text {
            if pending.count > 0 {
                guard let digit = digit(byte) else { return nil }
                pending = (pending.count - 1, pending.value << 4 | digit)
                if pending.count == 0 { bytes.append(pending.value) }
            } else if byte == UInt8(ascii: "%") {
                pending = (2, 0)
            } else {
                bytes.append(byte)
            }
        }
        guard pending.count == 0 else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
