package import Rules

/// A mutant (mutation testing): one small change of a rule file, which at least one of its tests should notice.
package struct RuleMutation: Sendable {
    /// One step down the tree of a YAML document.
    enum Step: Sendable, Equatable {
        /// The value of an entry of a mapping, by its place.
        case entry(Int)
        case element(Int)
    }

    enum Edit: Sendable, Equatable {
        case removed
        case text(String)
    }

    /// `agent/id`, or `agent` where the change is outside its rules.
    package let subject: String
    package let agent: String
    package let file: String
    /// The line of the changed value, from 1.
    package let line: Int
    /// The difference in words: `` without its timer `deadline` ``.
    package let change: String

    let path: [Step]
    let edit: Edit

    /// Indicates that it changes one rule, and nothing that others read.
    package var isInRule: Bool { subject != agent }

    /// Every change of every rule file, in the order of the files and of their lines.
    package static func all(in files: [RuleFile]) -> [RuleMutation] {
        files.flatMap { file -> [RuleMutation] in
            guard let root = YamlReader.read(SourceFile(file)),
                let agent = root.entries?.first(where: { $0.key == "agent" })?.value.text
            else { return [] }
            var finder = RuleMutationFinder(file: file.name, agent: agent)
            finder.visit(root)
            return finder.found
        }
    }

    /// The document with the change.
    func applied(to root: YamlNode) -> YamlNode { Self.edited(root, path[...], edit) ?? root }

    /// Nil where the node itself is removed.
    private static func edited(_ node: YamlNode, _ path: ArraySlice<Step>, _ edit: Edit) -> YamlNode? {
        guard let step = path.first else {
            guard case .text(let text) = edit, case .scalar(_, let style) = node.content else { return nil }
            return YamlNode(content: .scalar(text, style), place: node.place)
        }
        switch (step, node.content) {
        case (.entry(let index), .mapping(var entries)):
            let entry = entries[index]
            if let value = edited(entry.value, path.dropFirst(), edit) {
                entries[index] = YamlNode.Entry(key: entry.key, keyPlace: entry.keyPlace, value: value)
            } else {
                entries.remove(at: index)
            }
            return YamlNode(content: .mapping(entries), place: node.place)
        case (.element(let index), .sequence(var elements)):
            if let value = edited(elements[index], path.dropFirst(), edit) {
                elements[index] = value
            } else {
                elements.remove(at: index)
            }
            return YamlNode(content: .sequence(elements), place: node.place)
        default: return node
        }
    }
}

/// Numbers in a value of a rule file.
enum Figures {
    /// One whole number, with where it stands.
    struct Figure {
        let range: Range<Int>
        let text: String

        /// The text with the next greater number instead.
        func changed(in source: String) -> (figure: String, text: String) {
            let figure = Int64(text).flatMap { $0 == .max ? nil : String($0 + 1) } ?? "0"
            let bytes = Array(source.utf8)
            let changed = Array(bytes[..<range.lowerBound]) + Array(figure.utf8) + Array(bytes[range.upperBound...])
            return (figure, String(decoding: changed, as: UTF8.self))
        }
    }

    /// The numbers of an expression outside its texts, and the first of each duration.
    static func all(in text: String) -> [Figure] {
        let bytes = Array(text.utf8)
        var figures: [Figure] = []
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                let end = endOfText(bytes, from: position)
                let isDuration = bytes[..<position].suffix(9).elementsEqual("duration(".utf8)
                if isDuration, let figure = number(bytes, from: position + 1) { figures.append(figure) }
                position = end
            } else if isDigit(byte) {
                let isPartOfName = position > 0 && isOfName(bytes[position - 1])
                guard let figure = number(bytes, from: position) else { break }
                position = figure.range.upperBound
                let isNumber =
                    !isPartOfName
                    && (position == bytes.count || !isOfName(bytes[position]) || isRange(bytes, at: position))
                if isNumber { figures.append(figure) }
            } else {
                position += 1
            }
        }
        return figures
    }

    private static func number(_ bytes: [UInt8], from start: Int) -> Figure? {
        var end = start
        while end < bytes.count, isDigit(bytes[end]) { end += 1 }
        guard end > start else { return nil }
        return Figure(range: start..<end, text: String(decoding: bytes[start..<end], as: UTF8.self))
    }

    private static func endOfText(_ bytes: [UInt8], from start: Int) -> Int {
        var position = start + 1
        while position < bytes.count, bytes[position] != bytes[start] {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(position + 1, bytes.count)
    }

    /// Returns true if `..` follows, as between the ends of a cell's range.
    private static func isRange(_ bytes: [UInt8], at position: Int) -> Bool {
        bytes[position...].starts(with: "..".utf8)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Letters, digits, `_` and `.`, which make a number part of a name or of a fraction.
    private static func isOfName(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x2E
    }
}
