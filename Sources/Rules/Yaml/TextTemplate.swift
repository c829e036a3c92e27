/// A text with CEL in braces, as `because` holds one: `{{` and `}}` are braces, and an expression ends at the first `}`
/// that stands in no string, bracket or brace of its own.
struct TextTemplate {
    enum Part {
        case literal(String)
        case expression(ExpressionText)
    }

    let parts: [Part]
    let place: SourcePlace

    /// The one text, where there is no expression in it.
    var literal: String? {
        guard parts.count <= 1 else { return nil }
        guard let first = parts.first else { return "" }
        if case .literal(let text) = first { return text }
        return nil
    }

    /// The expressions in the order of the text.
    var expressions: [ExpressionText] {
        parts.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
    }

    /// Nil after noting in `file` where a brace stands alone.
    init?(_ source: ExpressionText, in file: SourceFile) {
        let bytes = Array(source.text.utf8)
        var parts: [Part] = []
        var literal: [UInt8] = []
        var index = 0
        func flush() {
            if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
            literal = []
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}"), index + 1 < bytes.count, bytes[index + 1] == byte
            {
                literal.append(byte)
                index += 2
            } else if byte == UInt8(ascii: "{") {
                guard let end = LiteralScanner.end(of: bytes, from: index + 1), end > index + 1 else {
                    file.error(
                        source.place(index, in: file), "`{` opens an expression that does not end; a brace is `{{`")
                    return nil
                }
                flush()
                parts.append(.expression(source.part(index + 1..<end)))
                index = end + 1
            } else if byte == UInt8(ascii: "}") {
                file.error(source.place(index, in: file), "`}` ends no expression; a brace is `}}`")
                return nil
            } else {
                literal.append(byte)
                index += 1
            }
        }
        flush()
        self.parts = parts
        place = source.place
    }
}
