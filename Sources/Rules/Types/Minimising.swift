package import AgentKit

/// Data minimisation at the door (GDPR, article 5(1)(c)): what is kept of a member declared `minimal T`. Pure functions of the
/// value alone, under which what they give stays as it is, so that an event sent again, or taken from an export, is the
/// same event.
///
/// | `T` | kept |
/// |---|---|
/// | `[string]` | search terms: in lower case, each once, the first 8 of 2 to 32 letters; none with an `@` or five digits |
/// | `string` | the words of the text that are such terms, joined by blanks; `withheld` where none is |
/// | a record of `double` | a place: degrees rounded to 0.01, about a kilometre |
package enum Minimising: Hashable, Sendable {
    case terms
    case words
    case place

    package static let termsMax = 8
    package static let termLetters = 2...32
    /// A term with that many digits may be a telephone, account or identity number.
    package static let digitsMax = 4
    /// What stands for a text of which nothing is kept.
    package static let withheld = "withheld"
    /// No coordinate is beyond ±360 degrees; a number that is may be anything.
    static let degreesMax = 360.0

    /// Nil for a type whose values have no such form.
    init?(_ type: DeclaredType) {
        switch type {
        case .list(.string): self = .terms
        case .string: self = .words
        case .record(let schema) where !schema.members.isEmpty && schema.members.allSatisfy { $0.type == .double }:
            self = .place
        default: return nil
        }
    }

    // MARK: Texts

    /// The search terms kept of those given.
    package static func terms(_ texts: [String]) -> [String] {
        var kept: [String] = []
        for text in texts where kept.count < termsMax {
            guard let term = term(text), !kept.contains(where: { $0.utf8.elementsEqual(term.utf8) }) else { continue }
            kept.append(term)
        }
        return kept
    }

    /// The words kept of a text. What is written around an `@`, and a number written in several words, goes with it.
    package static func words(_ text: String) -> String {
        let words = text.unicodeScalars.split { $0.properties.isWhitespace }.map(String.init)
        var isKept = belongToNoLongNumber(words)
        for index in words.indices where words[index].unicodeScalars.contains(where: isAt) {
            isKept[index] = false
            if index > 0, isAt(words[index].unicodeScalars.first) { isKept[index - 1] = false }
            if index + 1 < words.count, isAt(words[index].unicodeScalars.last) { isKept[index + 1] = false }
        }
        let terms = zip(words, isKept).filter(\.1).compactMap { term($0.0) }
        // What was dropped between two numbers no longer parts them.
        let kept = zip(terms, belongToNoLongNumber(terms)).filter(\.1).prefix(termsMax).map(\.0)
        return kept.isEmpty ? withheld : kept.joined(separator: " ")
    }

    /// For each word, whether the run of words with digits that it is in has few enough of them.
    private static func belongToNoLongNumber(_ words: [String]) -> [Bool] {
        var isKept = words.map { _ in true }
        var start = 0
        while start < words.count {
            let end = words[start...].firstIndex { digits(in: $0) == 0 } ?? words.count
            if words[start..<end].reduce(0, { $0 + digits(in: $1) }) > digitsMax {
                for index in start..<end { isKept[index] = false }
            }
            start = end + 1
        }
        return isKept
    }

    /// The text in lower case, trimmed; nil where it is not kept.
    private static func term(_ text: String) -> String? {
        let lowered = text.lowercased().unicodeScalars
        let visible = lowered.filter { !isInvisible($0) }
        let start = visible.drop { $0.properties.isWhitespace }
        let end = start.lastIndex { !$0.properties.isWhitespace }
        guard let end else { return nil }
        let term = start[...end]
        guard termLetters.contains(term.count), !term.contains(where: isAt), digits(in: String(term)) <= digitsMax
        else { return nil }
        return String(term)
    }

    private static func digits(in text: String) -> Int {
        text.unicodeScalars.reduce(0) { count, scalar in
            switch scalar.properties.numericType {
            case .decimal, .digit: count + 1
            default: count
            }
        }
    }

    /// `@`, also in its small and full width.
    private static func isAt(_ scalar: Unicode.Scalar?) -> Bool {
        switch scalar?.value {
        case 0x40, 0xFE6B, 0xFF20: true
        default: false
        }
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .unassigned, .privateUse, .surrogate: !scalar.properties.isWhitespace
        default: false
        }
    }

    // MARK: Places

    /// Degrees to 0.01, within ±360.
    package static func degrees(_ value: Double) -> Double {
        (min(degreesMax, max(-degreesMax, value)) * 100).rounded() / 100
    }

    // MARK: Values

    /// Writes what is kept of a value that fits the declared type.
    /// - Returns: false where that is the value itself; nothing is written then.
    func write(_ value: View, to writer: inout CanonicalWriter) -> Bool {
        switch self {
        case .words:
            guard let text = value.string else { return false }
            let words = Self.words(text)
            guard !words.utf8.elementsEqual(text.utf8) else { return false }
            writer.string(words)
        case .terms:
            let texts = value.children.compactMap(\.string)
            let terms = Self.terms(texts)
            guard !terms.elementsEqual(texts, by: { $0.utf8.elementsEqual($1.utf8) }) else { return false }
            writer.list(terms) { $1.string($0) }
        case .place:
            let degrees = value.children.map { ($0.name ?? "", $0.double ?? 0) }
            guard degrees.contains(where: { Self.degrees($0.1) != $0.1 }) else { return false }
            writer.beginObject()
            for (name, value) in degrees {
                writer.key(name)
                // It is finite and small, which JSON can always hold.
                guard (try? writer.double(Self.degrees(value))) != nil else { writer.int(0); continue }
            }
            writer.endObject()
        }
        return true
    }
}

extension EventType {
    /// What is kept of data that a producer sends.
    /// - Returns: the data with every minimal member reduced, and the first that was not so already; nil where all were.
    package func minimised(_ data: View) -> (data: Document, member: String)? {
        guard !minimalFields.isEmpty, data.kind == .object else { return nil }
        var first: String?
        var writer = CanonicalWriter(capacity: 1024)
        writer.beginObject()
        data.forEachMember { name, value in
            writer.key(name)
            guard let form = minimalFields.first(where: { $0.name == name })?.form, form.write(value, to: &writer)
            else {
                return writer.value(value)
            }
            first = first ?? name
        }
        writer.endObject()
        guard let first, let document = try? Document(adopting: writer.bytes) else { return nil }
        return (document, first)
    }
}
