/// One node of a YAML document, with its place. Aliases are replaced by what they stand for.
struct YamlNode: Sendable {
    enum Style: Sendable {
        case plain
        case singleQuoted
        case doubleQuoted
        /// `|` or `>`.
        case block
    }

    struct Entry: Sendable {
        let key: String
        let keyPlace: SourcePlace
        let value: YamlNode
    }

    indirect enum Content: Sendable {
        case scalar(String, Style)
        case sequence([YamlNode])
        /// In the order of the file; keys are distinct.
        case mapping([Entry])
    }

    let content: Content
    let place: SourcePlace

    var text: String? { if case .scalar(let text, _) = content { text } else { nil } }
    var elements: [YamlNode]? { if case .sequence(let elements) = content { elements } else { nil } }
    var entries: [Entry]? { if case .mapping(let entries) = content { entries } else { nil } }

    /// Tells if it is the null of YAML 1.2, nothing at all, `~` or `null`.
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
