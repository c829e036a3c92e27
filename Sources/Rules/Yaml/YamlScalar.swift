/// What a scalar means in the YAML 1.2 core schema: `on`, `no` and `16:00` are strings.
enum YamlScalar: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    /// An integer beyond 64 bits.
    case tooLarge
}

extension YamlNode {
    /// The scalar by the core schema; nil for lists and mappings.
    var scalar: YamlScalar? {
        guard case .scalar(let text, let style) = content else { return nil }
        return style == .plain ? YamlScalar(plain: text) : .string(text)
    }
}

extension YamlScalar {
    init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .bool(true)
        case "false", "False", "FALSE": self = .bool(false)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": self = .double(.infinity)
        case "-.inf", "-.Inf", "-.INF": self = .double(-.infinity)
        case ".nan", ".NaN", ".NAN": self = .double(.nan)
        default: self = Self.number(text) ?? .string(text)
        }
    }

    private static func number(_ text: String) -> YamlScalar? {
        let bytes = Array(text.utf8)
        if text.hasPrefix("0o") { return radix(text.dropFirst(2), 8) }
        if text.hasPrefix("0x") { return radix(text.dropFirst(2), 16) }
        let digits = bytes.first == 0x2B || bytes.first == 0x2D ? bytes.dropFirst() : bytes[...]
        guard !digits.isEmpty else { return nil }
        if digits.allSatisfy(isDigit) { return Int64(text).map { .int($0) } ?? .tooLarge }
        guard isFloat(digits) else { return nil }
        return Double(text).map { .double($0) }
    }

    private static func radix(_ digits: Substring, _ radix: Int) -> YamlScalar? {
        guard let first = digits.utf8.first, first != 0x2B, first != 0x2D else { return nil }
        guard
            digits.utf8.allSatisfy({ UInt8(ascii: "0") <= $0 && Int64(String(UnicodeScalar($0)), radix: radix) != nil })
        else { return nil }
        return Int64(digits, radix: radix).map { .int($0) } ?? .tooLarge
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
    private static func isFloat(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        if rest.first == 0x2E {
            rest = rest.dropFirst()
            let fraction = rest.prefix(while: isDigit)
            rest = rest.dropFirst(fraction.count)
            if whole.isEmpty, fraction.isEmpty { return false }
        } else if whole.isEmpty {
            return false
        }
        guard let exponent = rest.first else { return true }
        guard exponent == 0x65 || exponent == 0x45 else { return false }
        rest = rest.dropFirst()
        if rest.first == 0x2B || rest.first == 0x2D { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit)
    }
}
