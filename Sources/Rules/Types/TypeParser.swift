/// Reads declared types: `string`, `[T]`, `{string: T}`, `{member: T, ...}`, `a|b|c`, `*name`, `optional T`,
/// `personal T`, `minimal T`; as YAML or, inside a text, in the same syntax.
struct TypeParser {
    /// A type, and what is said of the member that has it.
    struct Member {
        var type: DeclaredType
        /// Indicates that it may be absent.
        var isOptional: Bool
        /// What the door keeps of it; nil where that is the value.
        var minimising: Minimising?
    }

    let file: SourceFile
    /// The records `_name`, by name without the underscore.
    private let shared: [String: YamlNode]
    /// Other names, in type checks, of records that are not what rules know by their own.
    var ownNames: [String: String] = [:]
    /// Indicates that members' names constrain their values.
    var constrains = true
    private var open: Set<String> = []
    static let depthMax = 16

    init(_ file: SourceFile, shared: [String: YamlNode]) {
        self.file = file
        self.shared = shared
    }

    /// The record of an event type's data; nil after noting the errors. `name` names it in type checks.
    mutating func record(_ node: YamlNode, named name: String) -> RecordSchema? {
        guard let entries = node.entries else {
            file.error(node.place, "the members of `\(name)` must be a mapping, are \(node.described)")
            return nil
        }
        guard let record = record(entries, named: name, depth: 0) else { return nil }
        var placement = CurrencyPlacement()
        let placed = placement.placed(record)
        for problem in placement.problems {
            file.error(entries.first { $0.key == problem.member }?.keyPlace ?? node.place, problem.message)
        }
        return placed
    }

    mutating func member(_ node: YamlNode, path: String, depth: Int) -> Member? {
        guard depth <= Self.depthMax else {
            file.error(node.place, "a type nested deeper than \(Self.depthMax) levels")
            return nil
        }
        switch node.content {
        case .scalar(let text, _):
            var inline = InlineTypeParser(text, path: path, depth: depth)
            do throws(InlineTypeParser.Problem) {
                return try inline.whole(&self)
            } catch {
                file.error(node.place, error.message)
                return nil
            }
        case .sequence(let elements):
            guard elements.count == 1 else {
                file.error(node.place, "a list type names the one type of its elements: `[string]`")
                return nil
            }
            guard let element = member(elements[0], path: path, depth: depth + 1),
                isPlain(element, elements[0].place)
            else { return nil }
            return Member(type: .list(element.type), isOptional: false)
        case .mapping(let entries):
            if entries.count == 1, DeclaredType.named[entries[0].key] != nil {
                guard entries[0].key == "string" else {
                    file.error(entries[0].keyPlace, "the keys of a map are `string`, not `\(entries[0].key)`")
                    return nil
                }
                guard let value = member(entries[0].value, path: path, depth: depth + 1),
                    isPlain(value, entries[0].value.place)
                else { return nil }
                if value.type.holdsAmounts {
                    file.error(entries[0].value.place, "the values of a map cannot be money")
                    return nil
                }
                return Member(type: .map(value.type), isOptional: false)
            }
            return record(entries, named: path, depth: depth).map { Member(type: .record($0), isOptional: false) }
        }
    }

    /// Returns true if the type of elements or values says nothing that only a member can be.
    private func isPlain(_ member: Member, _ place: SourcePlace) -> Bool {
        guard member.minimising != nil || member.isOptional else { return true }
        let word = member.isOptional ? "optional" : "minimal"
        file.error(place, "`\(word)` stands before the type of a whole member, not within it")
        return false
    }

    private mutating func record(_ entries: [YamlNode.Entry], named name: String, depth: Int) -> RecordSchema? {
        var members: [(name: String, member: Member)] = []
        for entry in entries {
            guard let member = member(entry.value, path: name + "." + entry.key, depth: depth + 1) else { continue }
            if case .personal = member.type, depth > 0 {
                file.error(entry.value.place, "only a member of the data itself can be personal")
            }
            if member.minimising != nil, depth > 0 {
                file.error(entry.value.place, "only a member of the data itself can be minimal")
            }
            members.append((entry.key, member))
        }
        return schema(members, named: name)
    }

    func schema(_ members: [(name: String, member: Member)], named name: String) -> RecordSchema {
        RecordSchema(
            name: name,
            declared: members.map { name, member in
                RecordSchema.Member(
                    name: name, type: member.type, isOptional: member.isOptional,
                    constraint: constrains ? Constraint(name: name, type: member.type) : nil,
                    minimising: member.minimising)
            })
    }

    /// The record `_name`.
    mutating func shared(_ name: String) throws(InlineTypeParser.Problem) -> DeclaredType {
        guard let node = shared[name] else {
            throw InlineTypeParser.Problem(
                "unknown record `*\(name)`\(Spelling.hint(name, among: shared.keys.sorted())); `_\(name)` declares it"
            )
        }
        guard open.insert(name).inserted else {
            throw InlineTypeParser.Problem("record `_\(name)` contains itself")
        }
        defer { open.remove(name) }
        guard let schema = record(node, named: "event." + (ownNames[name] ?? name)) else {
            throw InlineTypeParser.Problem("record `_\(name)` has errors")
        }
        return .record(schema)
    }
}

/// Reads a type written in one text: `optional [{id: string, kind: product|service}]`.
struct InlineTypeParser {
    struct Problem: Error {
        let message: String
        init(_ message: String) { self.message = message }
    }

    private let whole: String
    private let path: String
    private let depth: Int
    private var rest: Substring

    init(_ text: String, path: String, depth: Int) {
        whole = text
        self.path = path
        self.depth = depth
        rest = text[...]
    }

    mutating func whole(_ parser: inout TypeParser) throws(Problem) -> TypeParser.Member {
        let member = try member(&parser, path: path, depth: depth)
        skipBlanks()
        guard rest.isEmpty else { throw Problem("`\(rest)` is left over in the type `\(whole)`") }
        return member
    }

    private mutating func member(
        _ parser: inout TypeParser, path: String, depth: Int
    ) throws(Problem) -> TypeParser.Member {
        guard depth <= TypeParser.depthMax else {
            throw Problem("a type nested deeper than \(TypeParser.depthMax) levels")
        }
        skipBlanks()
        if skip("[") {
            let element = try member(&parser, path: path, depth: depth + 1)
            try expect("]")
            return TypeParser.Member(type: .list(try required(element)), isOptional: false)
        }
        if skip("{") { return TypeParser.Member(type: try braces(&parser, path, depth), isOptional: false) }
        if skip("*") { return TypeParser.Member(type: try parser.shared(try word()), isOptional: false) }
        let first = try word()
        skipBlanks()
        // Before `|` it is the first value of an enum: `personal|category`.
        if rest.first == "|" { return TypeParser.Member(type: try named(first), isOptional: false) }
        switch first {
        case "optional":
            var inner = try member(&parser, path: path, depth: depth + 1)
            inner.isOptional = true
            return inner
        case "personal":
            var inner = try member(&parser, path: path, depth: depth + 1)
            if inner.type.borrowsCurrency { throw Problem("money cannot be personal in the type `\(whole)`") }
            if inner.minimising != nil { throw Problem("what is personal is kept whole in the type `\(whole)`") }
            inner.type = .personal(inner.type)
            return inner
        case "minimal":
            var inner = try member(&parser, path: path, depth: depth + 1)
            guard !inner.isOptional, inner.minimising == nil, let form = Minimising(inner.type) else {
                throw Problem(
                    "`minimal` is for `string`, `[string]` and records of `double`, not in the type `\(whole)`")
            }
            inner.minimising = form
            return inner
        default: return TypeParser.Member(type: try named(first), isOptional: false)
        }
    }

    /// `{string: T}` or `{member: T, ...}`, after the brace.
    private mutating func braces(
        _ parser: inout TypeParser, _ path: String, _ depth: Int
    ) throws(Problem) -> DeclaredType {
        var members: [(name: String, member: TypeParser.Member)] = []
        skipBlanks()
        if skip("}") { return .record(parser.schema([], named: path)) }
        repeat {
            let name = try word()
            try expect(":")
            let member = try member(&parser, path: path + "." + name, depth: depth + 1)
            guard !members.contains(where: { $0.name == name }) else { throw Problem("duplicate member `\(name)`") }
            if member.minimising != nil { throw Problem("only a member of the data itself can be minimal") }
            members.append((name, member))
            skipBlanks()
        } while skip(",")
        try expect("}")
        if members.count == 1, DeclaredType.named[members[0].name] != nil {
            guard members[0].name == "string" else {
                throw Problem("the keys of a map are `string`, not `\(members[0].name)`")
            }
            let value = try required(members[0].member)
            if value.holdsAmounts { throw Problem("the values of a map cannot be money in the type `\(whole)`") }
            return .map(value)
        }
        return .record(parser.schema(members, named: path))
    }

    private func required(_ member: TypeParser.Member) throws(Problem) -> DeclaredType {
        if member.isOptional { throw Problem("an element cannot be optional in the type `\(whole)`") }
        if member.minimising != nil { throw Problem("an element cannot be minimal in the type `\(whole)`") }
        return member.type
    }

    /// Names that types have elsewhere: as the one text of an enum they would refuse every value.
    private static let otherNames = [
        "number": "int", "integer": "int", "long": "int", "boolean": "bool", "float": "double", "decimal": "double",
        "date": "timestamp", "datetime": "timestamp", "time": "timestamp", "text": "string", "str": "string",
        "uuid": "id", "any": "dyn", "object": "dyn", "json": "dyn", "array": "[T]", "list": "[T]",
        "map": "{string: T}",
    ]

    private mutating func named(_ first: String) throws(Problem) -> DeclaredType {
        var values = [first]
        skipBlanks()
        while skip("|") {
            values.append(try word())
            skipBlanks()
        }
        if values.count > 1 {
            guard Set(values).count == values.count else { throw Problem("`\(whole)` names a value twice") }
            return .oneOf(values)
        }
        if let type = DeclaredType.named[first] { return type }
        let typeNames = DeclaredType.named.keys.sorted() + ["minimal", "optional", "personal"]
        if let near = typeNames.first(where: { Spelling.distance(Array(first.utf8), Array($0.utf8)) == 1 }) {
            throw Problem("unknown type `\(first)`, did you mean `\(near)`?")
        }
        if let meant = Self.otherNames[first.lowercased()] {
            throw Problem("unknown type `\(first)`, did you mean `\(meant)`?")
        }
        return .oneOf([first])
    }

    private mutating func word() throws(Problem) -> String {
        skipBlanks()
        let isQuoted = skip("\"")
        let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) }
        guard !word.isEmpty else {
            throw Problem(
                rest.isEmpty ? "the type `\(whole)` ends early" : "unexpected `\(rest)` in the type `\(whole)`")
        }
        rest = rest.dropFirst(word.count)
        if isQuoted { try expect("\"") }
        return String(word)
    }

    private mutating func skipBlanks() { rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\t" } }

    private mutating func skip(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func expect(_ character: Character) throws(Problem) {
        skipBlanks()
        guard skip(character) else {
            throw Problem("`\(character)` is missing in the type `\(whole)`")
        }
    }
}
