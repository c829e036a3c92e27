/// Numbers that are not integers, in the form of ECMAScript's `Number.prototype.toString`.
enum VerifyNumber {
    /// Whether a text is the canonical form of a finite number with a fraction.
    ///
    /// Integral values have no fraction or exponent in canonical form below 10^21, and above 2^53 they are no I-JSON.
    static func isCanonicalFraction(_ text: [UInt8]) -> Bool {
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return false }
        guard value.rounded(.towardZero) != value else { return false }
        return canonical(value).utf8.elementsEqual(text)
    }

    /// The canonical form of a finite number that is not 0: the shortest digits that give it back, laid out by the rules
    /// of ECMA-262 section 6.1.6.1.20.
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

    /// Digits with the decimal point behind the first `point` of them.
    private static func layout(_ digits: String, _ point: Int) -> String {
        let count = digits.utf8.count
        if count <= point, point <= 21 { return digits + String(repeating: "0", count: point - count) }
        if point > 0, point <= 21 { return digits.prefix(point) + "." + digits.dropFirst(point) }
        if point > -6, point <= 0 { return "0." + String(repeating: "0", count: -point) + digits }
        let rest = count > 1 ? "." + digits.dropFirst() : ""
        return "\(digits.prefix(1))\(rest)e\(point > 0 ? "+" : "-")\(abs(point - 1))"
    }
}
