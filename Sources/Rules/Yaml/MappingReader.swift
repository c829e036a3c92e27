/// Reads the entries of one mapping by name and refuses unknown ones.
package struct MappingReader {
    let file: SourceFile
    let node: YamlNode
    /// The kind of the mapping, for messages: `a rule`.
    private let what: String
    private let entries: [YamlNode.Entry]

    /// Returns nil, after noting it, where the node is not a mapping. Notes unknown and missing keys at once.
    ///
    /// - Parameter what: what the mapping is, where the table's own words are not exact.
    package init?(_ node: YamlNode, in file: SourceFile, _ table: KeyTable, what: String? = nil) {
        let what = what ?? table.what
        guard let entries = node.entries else {
            file.error(node.place, "\(what) must be a mapping, is \(node.described)")
            return nil
        }
        self.file = file
        self.node = node
        self.what = what
        self.entries = entries
        let known = table.names
        for entry in entries where !table.knows(entry.key) {
            let hint = Spelling.hint(entry.key, among: known)
            let list = hint.isEmpty ? "; known are " + known.map { "`\($0)`" }.joined(separator: ", ") : ""
            file.error(
                entry.keyPlace, "unknown key `\(entry.key)` in \(what)\(hint)\(list)",
                length: entry.key.unicodeScalars.count)
        }
        for key in table.keys where key.isRequired { _ = required(key.name) }
    }

    /// The value of a key; nil where it is absent.
    package subscript(_ key: String) -> YamlNode? { entries.first { $0.key == key }?.value }

    /// The place of a key; that of the mapping where the key is absent.
    package func keyPlace(_ key: String) -> SourcePlace { entries.first { $0.key == key }?.keyPlace ?? node.place }

    /// The node of a key that must be there, noted where it is not.
    package func required(_ key: String) -> YamlNode? {
        if let value = self[key] { return value }
        file.error(node.place, "\(what) needs `\(key)`")
        return nil
    }

    /// The value that `read` makes of a required key; nil after noting that the key is absent.
    func needed<T>(_ key: String, as read: (String) -> T?) -> T? { required(key) == nil ? nil : read(key) }

    /// A literal text; nil where it is absent or, after noting it, no text.
    package func text(_ key: String) -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.text, !text.isEmpty else {
            file.error(value.place, "`\(key)` must be a text, is \(value.described)")
            return nil
        }
        return text
    }

    /// A text or a list of texts.
    func texts(_ key: String) -> [(text: String, place: SourcePlace)] {
        guard let value = self[key] else { return [] }
        var result: [(text: String, place: SourcePlace)] = []
        for element in value.elements ?? [value] {
            if let text = element.text, !text.isEmpty {
                result.append((text, element.place))
            } else {
                file.error(element.place, "`\(key)` must be a text or a list of texts")
            }
        }
        return result
    }

    /// The elements of a list; empty where it is absent or, after noting it, no list.
    package func list(_ key: String) -> [YamlNode] {
        guard let value = self[key] else { return [] }
        if case .null = value.scalar { return [] }
        guard let elements = value.elements else {
            file.error(value.place, "`\(key)` must be a list, is \(value.described)")
            return []
        }
        return elements
    }

    func integer(_ key: String) -> Int64? {
        guard let value = self[key] else { return nil }
        guard case .int(let number) = value.scalar else {
            file.error(value.place, "`\(key)` must be an integer, is \(value.described)")
            return nil
        }
        return number
    }

    func flag(_ key: String) -> Bool? {
        guard let value = self[key] else { return nil }
        guard case .bool(let flag) = value.scalar else {
            file.error(value.place, "`\(key)` must be true or false, is \(value.described)")
            return nil
        }
        return flag
    }

    /// A literal text with its place.
    func literal(_ key: String) -> (text: String, place: SourcePlace)? {
        text(key).map { ($0, self[key]?.place ?? node.place) }
    }

    /// A text with CEL in braces.
    func template(_ key: String) -> TextTemplate? {
        guard let value = self[key] else { return nil }
        guard let text = value.expression, !value.isNull else {
            file.error(value.place, "`\(key)` must be a text, is \(value.described)")
            return nil
        }
        return TextTemplate(text, in: file)
    }

    /// The CEL text of a key: a scalar of any kind as it is written.
    func expression(_ key: String) -> ExpressionText? {
        guard let value = self[key] else { return nil }
        return value.expression
            ?? {
                file.error(value.place, "`\(key)` must be a CEL expression in one text, is \(value.described)")
                return nil
            }()
    }
}

extension YamlNode {
    /// The scalar as CEL text; nil for lists, mappings and nothing.
    var expression: ExpressionText? {
        guard case .scalar(let text, let style) = content, !text.isEmpty else { return nil }
        return ExpressionText(text, place: place, style: style)
    }
}
