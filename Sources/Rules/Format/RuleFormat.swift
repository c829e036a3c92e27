/// The canonical layout of rule files: the keys of each rule in the order in which they are evaluated, those of tables
/// and folds in theirs, one blank line between rules, no blanks at the ends of lines. Comments stay with the line below
/// them. The content of a file never changes.
package enum RuleFormat {
    private static let ruleOrder = [
        "id", "on", "over", "claim", "quorum", "let", "table", "when", "refused", "subject", "refuse", "because",
        "emit",
        "timers", "cancel", "otherwise", "onError",
    ]
    private static let stateOrder = ["key", "put", "change", "remove", "if", "row", "index"]

    /// The file in that layout.
    /// - Throws: `RuleSetError` where the file is not YAML.
    package static func formatted(_ file: RuleFile) throws(RuleSetError) -> [UInt8] {
        var text = try laidOut(file)
        // A text that goes on at the margin can need a second look; what never settles stays as it is.
        for _ in 0..<4 {
            let again = try laidOut(RuleFile(name: file.name, text: text))
            if again == text { return text }
            text = again
        }
        return file.text
    }

    private static func laidOut(_ file: RuleFile) throws(RuleSetError) -> [UInt8] {
        let source = SourceFile(file)
        guard let root = YamlReader.read(source) else { throw RuleSetError(source.errors.sorted()) }
        var lines = ordered((1...source.lineCount).map { source.text(line: $0) }, root)
        if lines.last == "" { lines.removeLast() }
        let content = YamlCanonical.bytes(root, in: source)
        // Blanks at the end of a line, and an empty line more, can be what a text says: then these stay, and where the
        // order changes it as well the file stays as it is.
        for lines in [collapsed(lines.map(trimmed)), lines] {
            let text = Array((lines.joined(separator: "\n") + "\n").utf8)
            let after = SourceFile(RuleFile(name: file.name, text: text))
            if let again = YamlReader.read(after), YamlCanonical.bytes(again, in: after) == content { return text }
        }
        return source.bytes
    }

    /// The keys of rules, tables and folds that do not stand in order and could not be put there, with their places.
    package static func unordered(_ file: RuleFile) -> [RuleDiagnostic] {
        let source = SourceFile(file)
        guard let root = YamlReader.read(source) else { return [] }
        let parts = parts(of: root)
        for (nodes, order) in [(parts.rules, ruleOrder), (parts.state, stateOrder)] {
            for entries in nodes.compactMap(\.entries) {
                let late = entries.indices.dropFirst().first { index in
                    rank(entries[index].key, order) < rank(entries[index - 1].key, order)
                }
                guard let late else { continue }
                let (entry, before) = (entries[late], entries[late - 1])
                let isInline = entry.keyPlace.line == before.keyPlace.line
                source.warning(
                    entry.keyPlace,
                    "`\(entry.key)` stands behind `\(before.key)` and cannot be put before it"
                        + (isInline ? ": give each key a line of its own" : " without changing what the file says"),
                    length: entry.key.unicodeScalars.count)
            }
        }
        return source.warnings.sorted()
    }

    /// The mappings that have an order.
    private static func parts(of root: YamlNode) -> (rules: [YamlNode], state: [YamlNode]) {
        func value(_ key: String) -> YamlNode? { root.entries?.first { $0.key == key }?.value }
        var state = (value("tables")?.entries ?? []).map(\.value)
        for fold in value("fold")?.entries ?? [] { state += fold.value.elements ?? [fold.value] }
        return (value("rules")?.elements ?? [], state)
    }

    /// The lines with the parts of each rule, table and fold in order.
    private static func ordered(_ lines: [String], _ root: YamlNode) -> [String] {
        var lines = lines
        let (rules, state) = parts(of: root)
        let blocks = rules.map { isBlock($0, lines) }
        var next = lines.count
        let all =
            zip(rules, blocks).filter(\.1).map { ($0.0, ruleOrder) }
            + state.filter { isBlock($0, lines) }.map { ($0, stateOrder) }
        for (node, order) in all.sorted(by: { $0.0.place.line > $1.0.place.line }) {
            let start = node.place.line - 1
            let end = blockEnd(lines, of: node, before: next)
            lines.replaceSubrange(start..<end, with: ordered(Array(lines[start..<end]), node, from: start, order))
            next = start
        }
        for (index, rule) in rules.enumerated().dropFirst().reversed() where blocks[index] {
            // A dash may stand on a line of its own, and then the rule begins there.
            guard lines[rule.place.line - 1].utf8.prefix(rule.place.column - 1).contains(0x2D) else { continue }
            let head = headStart(lines, of: rule.place.line - 1, upTo: rule.place.column - 1)
            if head > 0, !lines[head - 1].isBlank { lines.insert("", at: head) }
        }
        return lines
    }

    /// A mapping of one key a line; the first of a rule stands after the dash.
    private static func isBlock(_ rule: YamlNode, _ lines: [String]) -> Bool {
        guard let entries = rule.entries, let first = entries.first, rule.lastLine <= lines.count else { return false }
        let column = first.keyPlace.column
        let dash = lines[first.keyPlace.line - 1].utf8.prefix(column - 1)
        return dash.allSatisfy { $0 == 0x20 || $0 == 0x2D } && entries.allSatisfy { $0.keyPlace.column == column }
            && Set(entries.map(\.keyPlace.line)).count == entries.count
    }

    /// The lines of a mapping with its keys in order, each with the comments above it.
    private static func ordered(
        _ lines: [String], _ rule: YamlNode, from start: Int, _ order: [String]
    ) -> [String] {
        let entries = rule.entries ?? []
        let starts = entries.enumerated().map { index, entry in
            index == 0 ? 0 : headStart(lines, of: entry.keyPlace.line - 1 - start, upTo: entry.keyPlace.column - 1)
        }
        var parts = entries.enumerated().map { index, entry in
            let end = index + 1 < starts.count ? starts[index + 1] : lines.count
            return (key: entry.key, lines: Array(lines[starts[index]..<end]))
        }
        let indentation = String(repeating: " ", count: (entries.first?.keyPlace.column ?? 1) - 1)
        let dash = String(lines[0].prefix(indentation.count))
        parts[0].lines[0] = indentation + parts[0].lines[0].dropFirst(indentation.count)
        let sorted = parts.enumerated().sorted { a, b in
            let (one, two) = (rank(a.element.key, order), rank(b.element.key, order))
            return one == two ? a.offset < b.offset : one < two
        }.map(\.element)
        // A comment above what comes first now goes before the dash.
        var result = sorted.flatMap(\.lines)
        guard let line = result.firstIndex(where: { !$0.isComment && !$0.isBlank }) else { return lines }
        result[line] = dash + result[line].dropFirst(indentation.count)
        let outer = String(repeating: " ", count: dash.utf8.prefix { $0 == 0x20 }.count)
        for index in result[..<line].indices { result[index] = outer + result[index].trimmedStart }
        return result
    }

    private static func rank(_ key: String, _ order: [String]) -> Int { order.firstIndex(of: key) ?? order.count }

    /// The first of the comment lines right above a line; one that is indented further belongs to what is above it.
    private static func headStart(_ lines: [String], of line: Int, upTo indentation: Int) -> Int {
        var start = line
        while start > 0, lines[start - 1].isComment, lines[start - 1].indentation <= indentation { start -= 1 }
        return start
    }

    /// The end of a rule's own lines: comments above the next rule and blank lines are not its own.
    private static func blockEnd(_ lines: [String], of rule: YamlNode, before next: Int) -> Int {
        let indentation = rule.place.column - 1
        var end = rule.lastLine
        var last = end
        while end < min(next, lines.count) {
            let line = lines[end]
            if !line.isBlank, !line.isComment, line.indentation <= indentation - 1 { break }
            if !line.isBlank, !(line.isComment && line.indentation < indentation) { last = end + 1 }
            end += 1
        }
        return last
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.hasSuffix(" ") || line.hasSuffix("\t") { line.removeLast() }
        return line
    }

    /// One blank line where there were more, none at either end.
    private static func collapsed(_ lines: [String]) -> [String] {
        var result: [String] = []
        for line in lines where !(line.isBlank && (result.last?.isBlank ?? true)) { result.append(line) }
        while result.last?.isBlank ?? false { result.removeLast() }
        return result
    }
}

extension String {
    fileprivate var isBlank: Bool { utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
    fileprivate var indentation: Int { utf8.prefix { $0 == 0x20 }.count }
    fileprivate var isComment: Bool { trimmedStart.hasPrefix("#") }
    fileprivate var trimmedStart: String { String(drop { $0 == " " }) }
}
