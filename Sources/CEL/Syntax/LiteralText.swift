/// Parsing of literal tokens.
enum LiteralText {
    /// The value of a literal, or the problem with it and its byte offset.
    enum Outcome {
        case value(Value)
        case problem(String, at: Int)
    }

    /// A decimal or hexadecimal whole number with an optional `u`; nil if it does not fit.
    static func magnitude(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var body = digits
        if let last = body.last, last | 0x20 == UInt8(ascii: "u") { body = body.dropLast() }
        let isHex = body.count > 2 && body[body.startIndex + 1] | 0x20 == UInt8(ascii: "x")
        if isHex { body = body.dropFirst(2) }
        let radix: UInt64 = isHex ? 16 : 10
        var result: UInt64 = 0
        for digit in body {
            let (product, over) = result.multipliedReportingOverflow(by: radix)
            let (sum, carry) = product.addingReportingOverflow(UInt64(hexValue(digit)))
            if over || carry { return nil }
            result = sum
        }
        return result
    }

    /// The value of a string or bytes token, prefix and quotes included.
    static func string(_ token: ArraySlice<UInt8>) -> Outcome {
        var index = token.startIndex
        var raw = false
        var isBytes = false
        while token[index] != UInt8(ascii: "'"), token[index] != UInt8(ascii: "\"") {
            if token[index] | 0x20 == UInt8(ascii: "r") { raw = true } else { isBytes = true }
            index += 1
        }
        let quote = token[index]
        let isTriple = token.endIndex - index >= 6 && token[index + 1] == quote && token[index + 2] == quote
        let width = isTriple ? 3 : 1
        let body = token[(index + width)..<(token.endIndex - width)]
        var octets: [UInt8]
        if raw || !body.contains(UInt8(ascii: "\\")) {
            octets = Array(body)
        } else {
            octets = []
            octets.reserveCapacity(body.count)
            if let problem = unescape(body, isBytes: isBytes, into: &octets) { return problem }
        }
        return .value(isBytes ? .bytes(octets) : .string(String(decoding: octets, as: UTF8.self)))
    }

    private static func unescape(_ body: ArraySlice<UInt8>, isBytes: Bool, into octets: inout [UInt8]) -> Outcome? {
        var index = body.startIndex
        while index < body.endIndex {
            guard body[index] == UInt8(ascii: "\\") else {
                octets.append(body[index])
                index += 1
                continue
            }
            let start = index
            index += 1
            let letter = body[index]
            index += 1
            if let plain = simpleEscape(letter) {
                octets.append(plain)
                continue
            }
            guard let code = numericEscape(letter, body, &index) else {
                let name = String(decoding: body[start..<min(start + 2, body.endIndex)], as: UTF8.self)
                return .problem("invalid escape `\(name)`", at: start)
            }
            let isUnicode = letter == UInt8(ascii: "u") || letter == UInt8(ascii: "U")
            if isBytes {
                if isUnicode { return .problem("`\\u` and `\\U` have no place in bytes", at: start) }
                octets.append(UInt8(truncatingIfNeeded: code))
            } else {
                guard let scalar = Unicode.Scalar(code) else {
                    return .problem("the escape is not a Unicode code point", at: start)
                }
                octets.append(contentsOf: UTF8.encode(scalar)!)
            }
        }
        return nil
    }

    private static func simpleEscape(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "a"): 7
        case UInt8(ascii: "b"): 8
        case UInt8(ascii: "f"): 12
        case UInt8(ascii: "n"): 10
        case UInt8(ascii: "r"): 13
        case UInt8(ascii: "t"): 9
        case UInt8(ascii: "v"): 11
        case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): letter
        default: nil
        }
    }

    private static func numericEscape(_ letter: UInt8, _ body: ArraySlice<UInt8>, _ index: inout Int) -> UInt32? {
        let count: Int
        switch letter {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): count = 2
        case UInt8(ascii: "u"): count = 4
        case UInt8(ascii: "U"): count = 8
        case UInt8(ascii: "0")...UInt8(ascii: "3"): return octal(letter, body, &index)
        default: return nil
        }
        guard body.endIndex - index >= count else { return nil }
        var code: UInt32 = 0
        for digit in body[index..<(index + count)] {
            guard Lexer.isHexDigit(digit) else { return nil }
            code = code << 4 | UInt32(hexValue(digit))
        }
        index += count
        return code
    }

    private static func octal(_ first: UInt8, _ body: ArraySlice<UInt8>, _ index: inout Int) -> UInt32? {
        guard body.endIndex - index >= 2 else { return nil }
        var code = UInt32(first - UInt8(ascii: "0"))
        for digit in body[index..<(index + 2)] {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "7") else { return nil }
            code = code << 3 | UInt32(digit - UInt8(ascii: "0"))
        }
        index += 2
        return code
    }

    static func hexValue(_ digit: UInt8) -> UInt8 {
        digit <= UInt8(ascii: "9") ? digit &- UInt8(ascii: "0") : (digit | 0x20) &- UInt8(ascii: "a") &+ 10
    }
}
