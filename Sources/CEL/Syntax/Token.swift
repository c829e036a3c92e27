/// One lexical element and where it stands, in UTF-8 bytes.
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
