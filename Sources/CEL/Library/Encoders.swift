/// Base64 with the standard alphabet; padding is written, and may be left out when read.
enum Encoders {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ value: Value, _ activation: Activation) -> Value {
        guard case .bytes(let octets) = value else { return .noOverload }
        guard Strings.charge(octets.count, activation) else { return .costPassed }
        return .string(base64(octets))
    }

    static func base64(_ octets: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((octets.count + 2) / 3 * 4)
        var index = 0
        while index < octets.count {
            let left = octets.count - index
            var group = UInt32(octets[index]) << 16
            if left > 1 { group |= UInt32(octets[index + 1]) << 8 }
            if left > 2 { group |= UInt32(octets[index + 2]) }
            text.append(alphabet[Int(group >> 18)])
            text.append(alphabet[Int(group >> 12 & 63)])
            text.append(left > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
            text.append(left > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "="))
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func decode(_ value: Value, _ activation: Activation) -> Value {
        guard var text = value.utf8Bytes else { return .noOverload }
        guard Strings.charge(text.count, activation) else { return .costPassed }
        let problem = Value.failure(.invalidArgument, "the text is no base64")
        if text.count % 4 == 0 {
            for _ in 0..<2 where text.last == UInt8(ascii: "=") { text.removeLast() }
        }
        guard text.count % 4 != 1 else { return problem }
        var octets: [UInt8] = []
        var group: UInt32 = 0
        var bits = 0
        for byte in text {
            guard let digit = digit(byte) else { return problem }
            group = group << 6 | UInt32(digit)
            bits += 6
            if bits >= 8 {
                bits -= 8
                octets.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
            }
        }
        return .bytes(octets)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
