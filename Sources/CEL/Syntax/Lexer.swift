/// Splits an expression into tokens.
struct Lexer {
    let bytes: [UInt8]
    private(set) var position = 0
    /// Message about the last `invalid` token.
    private(set) var problem = ""

    init(_ source: SourceText) { bytes = source.utf8 }

    private func byte(_ ahead: Int = 0) -> UInt8 {
        let index = position + ahead
        return index < bytes.count ? bytes[index] : 0
    }

    mutating func next() -> Token {
        skipSpace()
        let start = position
        guard start < bytes.count else { return Token(kind: .end, start: start, end: start) }
        let kind: Token.Kind
        switch bytes[start] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): kind = number()
        case UInt8(ascii: "."):
            if Self.isDigit(byte(1)) { kind = number() } else { kind = take(1, .dot) }
        case UInt8(ascii: "'"), UInt8(ascii: "\""): kind = string(prefix: 0, raw: false, .string)
        case UInt8(ascii: "`"): kind = quoted()
        case let first where Self.isNameStart(first): kind = word()
        default: kind = punctuation()
        }
        return Token(kind: kind, start: start, end: position)
    }

    private mutating func take(_ count: Int, _ kind: Token.Kind) -> Token.Kind {
        position += count
        return kind
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), 9, 10, 12, 13: position += 1
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
                while position < bytes.count, bytes[position] != 10 { position += 1 }
            default: return
            }
        }
    }

    private mutating func punctuation() -> Token.Kind {
        let second = byte(1)
        switch bytes[position] {
        case UInt8(ascii: ","): return take(1, .comma)
        case UInt8(ascii: ":"): return take(1, .colon)
        case UInt8(ascii: "?"): return take(1, .question)
        case UInt8(ascii: "-"): return take(1, .minus)
        case UInt8(ascii: "+"): return take(1, .plus)
        case UInt8(ascii: "*"): return take(1, .star)
        case UInt8(ascii: "/"): return take(1, .slash)
        case UInt8(ascii: "%"): return take(1, .percent)
        case UInt8(ascii: "("): return take(1, .openParen)
        case UInt8(ascii: ")"): return take(1, .closeParen)
        case UInt8(ascii: "["): return take(1, .openBracket)
        case UInt8(ascii: "]"): return take(1, .closeBracket)
        case UInt8(ascii: "{"): return take(1, .openBrace)
        case UInt8(ascii: "}"): return take(1, .closeBrace)
        case UInt8(ascii: "!"): return second == UInt8(ascii: "=") ? take(2, .notEqual) : take(1, .not)
        case UInt8(ascii: "<"): return second == UInt8(ascii: "=") ? take(2, .lessOrEqual) : take(1, .less)
        case UInt8(ascii: ">"): return second == UInt8(ascii: "=") ? take(2, .greaterOrEqual) : take(1, .greater)
        case UInt8(ascii: "=") where second == UInt8(ascii: "="): return take(2, .equal)
        case UInt8(ascii: "&") where second == UInt8(ascii: "&"): return take(2, .and)
        case UInt8(ascii: "|") where second == UInt8(ascii: "|"): return take(2, .or)
        case UInt8(ascii: "="): return invalid(1, "`=` is not an operator, did you mean `==`?")
        case UInt8(ascii: "&"): return invalid(1, "`&` is not an operator, did you mean `&&`?")
        case UInt8(ascii: "|"): return invalid(1, "`|` is not an operator, did you mean `||`?")
        default: return unexpected()
        }
    }

    private mutating func unexpected() -> Token.Kind {
        let start = position
        position += 1
        while position < bytes.count, bytes[position] & 0xC0 == 0x80 { position += 1 }
        problem = "unexpected character `\(String(decoding: bytes[start..<position], as: UTF8.self))`"
        return .invalid
    }

    private mutating func invalid(_ count: Int, _ message: String) -> Token.Kind {
        position = min(position + count, bytes.count)
        problem = message
        return .invalid
    }

    private mutating func number() -> Token.Kind {
        if byte() == UInt8(ascii: "0"), byte(1) | 0x20 == UInt8(ascii: "x"), Self.isHexDigit(byte(2)) {
            position += 2
            while Self.isHexDigit(byte()) { position += 1 }
            return unsignedSuffix()
        }
        var kind = Token.Kind.int
        while Self.isDigit(byte()) { position += 1 }
        if byte() == UInt8(ascii: "."), Self.isDigit(byte(1)) {
            kind = .double
            position += 1
            while Self.isDigit(byte()) { position += 1 }
        }
        if byte() | 0x20 == UInt8(ascii: "e") {
            let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
            if Self.isDigit(byte(1 + sign)) {
                kind = .double
                position += 1 + sign
                while Self.isDigit(byte()) { position += 1 }
            }
        }
        return kind == .int ? unsignedSuffix() : kind
    }

    private mutating func unsignedSuffix() -> Token.Kind {
        byte() | 0x20 == UInt8(ascii: "u") ? take(1, .uint) : .int
    }

    /// A name, a keyword, or the prefix of a string or bytes literal.
    private mutating func word() -> Token.Kind {
        if let literal = prefixedLiteral() { return literal }
        let start = position
        while Self.isNameStart(byte()) || Self.isDigit(byte()) { position += 1 }
        return Self.keyword(bytes[start..<position])
    }

    private mutating func prefixedLiteral() -> Token.Kind? {
        var raw = false
        var isBytes = false
        var length = 0
        while length < 2 {
            let letter = byte(length) | 0x20
            if letter == UInt8(ascii: "r"), !raw {
                raw = true
            } else if letter == UInt8(ascii: "b"), !isBytes {
                isBytes = true
            } else {
                break
            }
            length += 1
        }
        guard length > 0, byte(length) == UInt8(ascii: "'") || byte(length) == UInt8(ascii: "\"") else { return nil }
        return string(prefix: length, raw: raw, isBytes ? .bytes : .string)
    }

    private mutating func string(prefix: Int, raw: Bool, _ kind: Token.Kind) -> Token.Kind {
        position += prefix
        let quote = byte()
        let isTriple = byte(1) == quote && byte(2) == quote
        position += isTriple ? 3 : 1
        while position < bytes.count {
            let current = bytes[position]
            if current == quote {
                if !isTriple { return take(1, kind) }
                if byte(1) == quote, byte(2) == quote { return take(3, kind) }
            } else if !isTriple, current == 10 || current == 13 {
                break
            } else if current == UInt8(ascii: "\\"), !raw {
                position += 1
            }
            position += 1
        }
        position = min(position, bytes.count)
        return invalid(0, "the string is not closed")
    }

    private mutating func quoted() -> Token.Kind {
        position += 1
        let start = position
        while Self.isQuotedNamePart(byte()) { position += 1 }
        guard byte() == UInt8(ascii: "`"), position > start else {
            return invalid(0, "a quoted name holds letters, digits and `_.-/ ` up to a closing backtick")
        }
        return take(1, .quotedIdentifier)
    }
}

extension Lexer {
    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
    }

    static func isNameStart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }

    private static func isQuotedNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: " "): true
        default: isNameStart(byte) || isDigit(byte)
        }
    }

    /// Returns whether a text is not a name but a literal, an operator or a reserved word.
    static func isWord(_ text: String) -> Bool { keyword(Array(text.utf8)[...]) != .identifier }

    private static func keyword(_ word: ArraySlice<UInt8>) -> Token.Kind {
        guard word.count <= 9, let first = word.first, first >= UInt8(ascii: "a") else { return .identifier }
        switch String(decoding: word, as: UTF8.self) {
        case "true": return .true
        case "false": return .false
        case "null": return .null
        case "in": return .in
        case "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
            "namespace", "return", "var", "void", "while":
            return .reserved
        default: return .identifier
        }
    }
}

/// One lexical element with its range in UTF-8 bytes.
struct Token {
    enum Kind: Equatable {
        case end, invalid
        case identifier, quotedIdentifier, reserved
        case int, uint, double, string, bytes
        case `true`, `false`, null, `in`
        case dot, comma, colon, question, minus, plus, star, slash, percent, not
        case openParen, closeParen, openBracket, closeBracket, openBrace, closeBrace
        case and, or, equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    }

    let kind: Kind
    let start: Int
    let end: Int
}
