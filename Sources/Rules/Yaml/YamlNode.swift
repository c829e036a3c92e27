import AgentKit

/// One node of a YAML document, with its place. Aliases are replaced by what they stand for.
package struct YamlNode: Sendable {
    /// The form in which a scalar is written.
    package enum Style: Sendable {
        case plain
        case singleQuoted
        case doubleQuoted
        /// `|` or `>`.
        case block
    }

    /// One entry of a mapping.
    package struct Entry: Sendable {
        package let key: String
        package let keyPlace: SourcePlace
        package let value: YamlNode

        package init(key: String, keyPlace: SourcePlace, value: YamlNode) {
            self.key = key
            self.keyPlace = keyPlace
            self.value = value
        }
    }

    /// The kinds of node with what each holds.
    package indirect enum Content: Sendable {
        case scalar(String, Style)
        case sequence([YamlNode])
        /// In the order of the file; keys are distinct.
        case mapping([Entry])
    }

    package let content: Content
    package let place: SourcePlace

    package init(content: Content, place: SourcePlace) {
        self.content = content
        self.place = place
    }

    /// The text of a scalar; nil for lists and mappings.
    package var text: String? { if case .scalar(let text, _) = content { text } else { nil } }
    /// The elements of a list; nil for anything else.
    package var elements: [YamlNode]? { if case .sequence(let elements) = content { elements } else { nil } }
    /// The entries of a mapping; nil for anything else.
    package var entries: [Entry]? { if case .mapping(let entries) = content { entries } else { nil } }

    /// Indicates the null of YAML 1.2: nothing at all, `~` or `null`.
    var isNull: Bool {
        if case .scalar(let text, .plain) = content { ["", "~", "null", "Null", "NULL"].contains(text) } else { false }
    }

    /// The line on which the last of its parts begins.
    var lastLine: Int {
        let inner = (elements ?? []) + (entries ?? []).map(\.value)
        return max(place.line, entries?.last?.keyPlace.line ?? 0, inner.map(\.lastLine).max() ?? 0)
    }

    /// `a list`, `a mapping`, `the text ...` for messages.
    var described: String {
        switch content {
        case .scalar(let text, .plain) where text.isEmpty: "nothing"
        case .scalar(let text, _): "`\(text.prefix(40))`"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// The value of a scalar by the YAML 1.2 core schema: `on`, `no` and `16:00` are strings.
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

/// The JCS form of parsed YAML: what a rule set's digest is made of.
package enum YamlCanonical {
    /// The canonical JSON of a node; notes in `file` what JSON cannot express.
    package static func bytes(_ node: YamlNode, in file: SourceFile) -> [UInt8] {
        var writer = CanonicalWriter(capacity: 256)
        write(node, in: file, into: &writer)
        return unsafe writer.withBytes { unsafe [UInt8]($0) }
    }

    /// Writes a node; notes in `file` what JSON cannot express.
    static func write(_ node: YamlNode, in file: SourceFile, into writer: inout CanonicalWriter) {
        switch node.content {
        case .scalar: write(node.scalar ?? .null, at: node.place, in: file, into: &writer)
        case .sequence(let elements):
            writer.list(elements) { write($0, in: file, into: &$1) }
        case .mapping(let entries):
            writer.beginObject()
            for entry in entries.sorted(by: { JCS.precedes($0.key, $1.key) }) {
                writer.key(entry.key)
                write(entry.value, in: file, into: &writer)
            }
            writer.endObject()
        }
    }

    private static func write(
        _ scalar: YamlScalar, at place: SourcePlace, in file: SourceFile, into writer: inout CanonicalWriter
    ) {
        switch scalar {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .int(let value) where value.magnitude <= Limits.integerMagnitudeMax.magnitude: writer.int(value)
        case .double(let value):
            do {
                try writer.double(value)
            } catch {
                file.error(place, "a number beyond what JSON carries exactly")
                writer.null()
            }
        case .string(let value): writer.string(value)
        case .int, .tooLarge:
            file.error(place, "a number beyond what JSON carries exactly")
            writer.null()
        }
    }
}
