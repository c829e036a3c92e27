import Yams

/// Reads one YAML 1.2 document; duplicate keys, tags of its own and keys that are no scalars are refused.
package struct YamlReader {
    /// A bound on what aliases may blow a document up to.
    static let nodesMax = 100_000
    static let fileBytesMax = 1 << 20
    static let depthMax = 64

    private let file: SourceFile
    private var nodes = 0

    private init(_ file: SourceFile) { self.file = file }

    /// The document's root, or nil after noting the errors in `file`.
    /// - Parameter needs: what an empty file is told that it needs.
    package static func read(_ file: SourceFile, needs: String = "") -> YamlNode? {
        var reader = YamlReader(file)
        return reader.read(needs)
    }

    private mutating func read(_ needs: String) -> YamlNode? {
        let start = SourcePlace(line: 1, column: 1)
        guard file.bytes.count <= Self.fileBytesMax else {
            file.error(start, "the file is larger than \(Self.fileBytesMax) bytes")
            return nil
        }
        guard let text = String(validating: file.bytes, as: UTF8.self) else {
            file.error(start, "the file is not UTF-8")
            return nil
        }
        guard nestsWithinLimit() else {
            file.error(start, "nested deeper than \(Self.depthMax) levels")
            return nil
        }
        do {
            guard let root = try Parser(yaml: text, resolver: .basic).singleRoot() else {
                file.error(start, "the file is empty" + needs)
                return nil
            }
            return convert(root, depth: 0)
        } catch let error as YamlError {
            note(error)
        } catch {
            file.error(start, "cannot be read as YAML")
        }
        return nil
    }

    /// Bounds the recursion of the parser before it starts: no file nests deeper than its brackets and dashes in a line
    /// and its indentation.
    private func nestsWithinLimit() -> Bool {
        var brackets = 0
        for line in file.bytes.split(separator: 0x0A) {
            brackets = max(brackets, line.count { $0 == 0x5B || $0 == 0x7B })
            guard line.prefix(while: { $0 == 0x2D || $0 == 0x20 }).count(where: { $0 == 0x2D }) <= Self.depthMax else {
                return false
            }
        }
        return brackets <= 512
    }

    private mutating func convert(_ node: Node, depth: Int) -> YamlNode? {
        let place = node.mark.map { SourcePlace(line: $0.line, column: $0.column) } ?? SourcePlace(line: 1, column: 1)
        nodes += 1
        guard nodes <= Self.nodesMax, depth <= Self.depthMax else {
            if nodes == Self.nodesMax + 1 || depth == Self.depthMax + 1 {
                file.error(place, "the document is too large: \(Self.nodesMax) nodes, \(Self.depthMax) levels")
            }
            return nil
        }
        switch node {
        case .scalar(let scalar):
            return convert(scalar, place)
        case .sequence(let sequence):
            guard isUntagged(sequence.tag, "seq") else { return refuseTag(place) }
            var elements: [YamlNode] = []
            for element in sequence {
                guard let converted = convert(element, depth: depth + 1) else { return nil }
                elements.append(converted)
            }
            return YamlNode(content: .sequence(elements), place: place)
        case .mapping(let mapping):
            guard isUntagged(mapping.tag, "map") else { return refuseTag(place) }
            return convert(mapping, place, depth)
        case .alias:
            file.error(place, "an alias that cannot be followed")
            return nil
        }
    }

    private func convert(_ scalar: Node.Scalar, _ place: SourcePlace) -> YamlNode? {
        guard isUntagged(scalar.tag, "str") else { return refuseTag(place) }
        let style: YamlNode.Style =
            switch scalar.style {
            case .singleQuoted: .singleQuoted
            case .doubleQuoted: .doubleQuoted
            case .literal, .folded: .block
            default: scalar.tag.description.isEmpty ? .plain : .doubleQuoted
            }
        return YamlNode(content: .scalar(scalar.string, style), place: place)
    }

    private mutating func convert(_ mapping: Node.Mapping, _ place: SourcePlace, _ depth: Int) -> YamlNode? {
        var entries: [YamlNode.Entry] = []
        var seen: Set<[UInt8]> = []
        for (key, value) in mapping {
            let keyPlace = key.mark.map { SourcePlace(line: $0.line, column: $0.column) } ?? place
            guard let name = key.scalar?.string else {
                file.error(keyPlace, "a key must be a name")
                return nil
            }
            guard seen.insert(Array(name.utf8)).inserted else {
                file.error(keyPlace, "duplicate key `\(name)`")
                return nil
            }
            guard let converted = convert(value, depth: depth + 1) else { return nil }
            entries.append(YamlNode.Entry(key: name, keyPlace: keyPlace, value: converted))
        }
        return YamlNode(content: .mapping(entries), place: place)
    }

    private func isUntagged(_ tag: Tag, _ own: String) -> Bool {
        let name = tag.description
        return name.isEmpty || name == "!" || name == "tag:yaml.org,2002:" + own
    }

    private func refuseTag(_ place: SourcePlace) -> YamlNode? {
        file.error(place, "what begins with `!` stands in quotes: tags are not used here")
        return nil
    }

    private func note(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            file.error(SourcePlace(line: mark.line, column: mark.column), problem)
        case .reader(let problem, let offset, _, _):
            file.error(file.place(offset ?? 0), problem)
        case .duplicatedKeysInMapping(let names, let context):
            let place = SourcePlace(line: context.mark.line, column: context.mark.column)
            file.error(place, "duplicate key " + names.map { "`\($0)`" }.joined(separator: ", "))
        default:
            file.error(SourcePlace(line: 1, column: 1), "cannot be read as YAML")
        }
    }
}
