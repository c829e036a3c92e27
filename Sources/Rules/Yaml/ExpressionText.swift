/// An expression as it stands in a YAML scalar: its text, and the way from an offset in it back to the file.
struct ExpressionText: Sendable {
    let text: String
    let place: SourcePlace
    let style: YamlNode.Style
    /// The start of the text within the scalar's whole text, in UTF-8 bytes.
    let start: Int
    private let whole: String
    /// The code points of the file that it stands for, where the file has it in other words; nil where it is as
    /// written.
    private let standsFor: Int?

    init(_ text: String, place: SourcePlace, style: YamlNode.Style) {
        self.init(text: text, place: place, style: style, start: 0, whole: text, standsFor: nil)
    }

    /// Text that the file says in other words, `length` code points long at a place.
    init(_ text: String, standingFor length: Int, at place: SourcePlace) {
        self.init(text: text, place: place, style: .plain, start: 0, whole: text, standsFor: length)
    }

    /// A part of the expression, by UTF-8 offsets.
    func part(_ range: Range<Int>) -> ExpressionText {
        let bytes = Array(text.utf8)[range]
        return ExpressionText(
            text: String(decoding: bytes, as: UTF8.self), place: place, style: style, start: start + range.lowerBound,
            whole: whole, standsFor: standsFor)
    }

    private init(
        text: String, place: SourcePlace, style: YamlNode.Style, start: Int, whole: String, standsFor: Int?
    ) {
        self.text = text
        self.place = place
        self.style = style
        self.start = start
        self.whole = whole
        self.standsFor = standsFor
    }

    /// The number of the file's code points to mark for a part of `length` code points.
    func marked(_ length: Int) -> Int { standsFor ?? length }

    /// The number of the file's code points to mark for the whole.
    var length: Int { marked(text.unicodeScalars.count) }

    /// The place in the file of an offset in the text. Folding changes nothing but blanks and line ends, so that the
    /// other bytes of the value stand in the file in the same order.
    func place(_ offset: Int, in file: SourceFile) -> SourcePlace {
        if standsFor != nil { return place }
        let value = Array(whole.utf8)
        let target = min(start + offset, value.count)
        var source = file.offset(place)
        if style == .block {
            while source < file.bytes.count, file.bytes[source] != 0x0A { source += 1 }
        } else if style != .plain {
            source += 1
        }
        var index = 0
        var last = source
        var end = source
        while source < file.bytes.count {
            while index < value.count, Self.isBlank(value[index]) { index += 1 }
            while source < file.bytes.count, Self.isBlank(file.bytes[source]) { source += 1 }
            // An offset at the end of the value is where the text ends, whatever the file has behind it.
            if index == value.count { return file.place(end) }
            if index >= target { return file.place(source) }
            last = source
            source += step(file.bytes, source, value[index])
            end = source
            index += 1
        }
        return file.place(last)
    }

    /// The number of the file's bytes that stand for one byte of the value.
    private func step(_ bytes: [UInt8], _ source: Int, _ byte: UInt8) -> Int {
        switch style {
        case .plain, .block: 1
        case .singleQuoted: byte == 0x27 ? 2 : 1
        case .doubleQuoted: bytes[source] == 0x5C ? 2 : 1
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}

/// A text with CEL in braces, as `because` holds one: `{{` and `}}` are braces, and an expression ends at the first `}`
/// that stands in no string, bracket or brace of its own.
struct TextTemplate {
    enum Part {
        case literal(String)
        case expression(ExpressionText)
    }

    let parts: [Part]
    let place: SourcePlace

    /// The text where it holds no expression; else nil.
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

    /// Returns nil after noting in `file` a brace that stands alone.
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
