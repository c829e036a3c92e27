import Glibc

/// Numbers to and from text, in Go's notation where CEL leaves the choice.
enum NumberText {
    /// The shortest decimal digits d₁d₂… that round-trip, with the `point` of 0.d₁d₂… × 10^point.
    private static func shortest(_ value: Double) -> (digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        var point: Int?
        var exponent = 0
        let text = Array(value.magnitude.description.utf8)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: ".") {
                point = digits.count
            } else if byte | 0x20 == UInt8(ascii: "e") {
                exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
                break
            } else {
                digits.append(byte)
            }
            index += 1
        }
        var place = (point ?? digits.count) + exponent
        while digits.count > 1, digits.first == UInt8(ascii: "0") {
            digits.removeFirst()
            place -= 1
        }
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        if digits == [UInt8(ascii: "0")] { place = 1 }
        return (digits, place)
    }

    private static func special(_ value: Double) -> String? {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return nil
    }

    /// Go's `%g` with the fewest digits: `1e+06`, `0.0045`. Not-numbers as `NaN`, `+Inf`, `-Inf`.
    static func string(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        let (digits, point) = shortest(value)
        let exponent = point - 1
        if exponent >= -4, exponent < 6 {
            return plain(value)
        }
        return scientific(value, digits, exponent: exponent, width: 2)
    }

    /// The number as ECMAScript writes it: `1e+21`, `0.000001`, `-0` as `0`.
    static func ecmaScript(_ value: Double) -> String {
        if value == 0 { return "0" }
        if let special = special(value) { return special }
        let (digits, point) = shortest(value)
        if point > -6, point <= 21 { return plain(value) }
        return scientific(value, digits, exponent: point - 1, width: 1)
    }

    private static func scientific(_ value: Double, _ digits: [UInt8], exponent: Int, width: Int) -> String {
        var text = value.sign == .minus ? "-" : ""
        text += String(decoding: digits.prefix(1), as: UTF8.self)
        if digits.count > 1 { text += "." + String(decoding: digits.dropFirst(), as: UTF8.self) }
        text += exponent < 0 ? "e-" : "e+"
        let magnitude = String(abs(exponent))
        return text + (magnitude.utf8.count < width ? "0" : "") + magnitude
    }

    /// The shortest digits that round-trip, without an exponent.
    static func plain(_ value: Double) -> String {
        if let special = special(value) { return special }
        let (digits, point) = shortest(value)
        var text: [UInt8] = value.sign == .minus ? [UInt8(ascii: "-")] : []
        let zero = UInt8(ascii: "0")
        if point <= 0 {
            text += [zero, UInt8(ascii: ".")]
            text += [UInt8](repeating: zero, count: -point)
            text += digits
        } else if point >= digits.count {
            text += digits
            text += [UInt8](repeating: zero, count: point - digits.count)
        } else {
            text += digits[..<point]
            text.append(UInt8(ascii: "."))
            text += digits[point...]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `%f` or `%e` with `precision` digits after the point, rounded half to even on the exact value.
    static func fixed(_ value: Double, precision: Int, scientific: Bool) -> String {
        if let special = special(value) { return special }
        var buffer = [CChar](repeating: 0, count: 400 + precision)
        let count = unsafe withVaList([Int32(precision), value]) { arguments in
            unsafe vsnprintf(&buffer, buffer.count, scientific ? "%.*e" : "%.*f", arguments)
        }
        return String(decoding: buffer.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Parses a decimal floating-point number, `Infinity` or `NaN`; nil for anything else and for what is out of range.
    static func double(_ text: String) -> Double? {
        var body = Substring(text)
        var isNegative = false
        if let sign = body.utf8.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            body = body.dropFirst()
        }
        switch body.lowercased() {
        case "inf", "infinity": return isNegative ? -.infinity : .infinity
        case "nan": return .nan
        default: break
        }
        guard isDecimal(body.utf8), let value = Double(String(body)), value.isFinite else { return nil }
        return isNegative ? -value : value
    }

    private static func isDecimal(_ text: Substring.UTF8View) -> Bool {
        var rest = text
        func digits() -> Int {
            let run = rest.prefix(while: Lexer.isDigit)
            rest = rest.dropFirst(run.count)
            return run.count
        }
        var count = digits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            count += digits()
        }
        guard count > 0 else { return false }
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    /// Parses a decimal int with an optional sign; nil for anything else and for what is out of range.
    static func int(_ text: [UInt8]) -> Int64? {
        guard let first = text.first else { return nil }
        let isSigned = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
        guard let magnitude = uint(Array(text.dropFirst(isSigned ? 1 : 0))) else { return nil }
        if first == UInt8(ascii: "-") {
            if magnitude == 1 << 63 { return .min }
            return Int64(exactly: magnitude).map { -$0 }
        }
        return Int64(exactly: magnitude)
    }

    /// Parses a decimal uint without a sign; nil for anything else and for what is out of range.
    static func uint(_ text: [UInt8]) -> UInt64? {
        guard !text.isEmpty, text.allSatisfy(Lexer.isDigit) else { return nil }
        return LiteralText.magnitude(text[...])
    }
}
