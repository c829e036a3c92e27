/// Reads declared types: `string`, `[T]`, `{string: T}`, `{member: T, ...}`, `a|b|c`, `*name`, `optional T`,
/// `personal T`; as YAML or, inside a text, in the same syntax.
struct TypeParser {
    /// A type and whether the member that has it may be absent.
    struct Member {
        var type: DeclaredType
        var isOptional: Bool
    }

    let file: SourceFile
    /// The records `_name`, by name without the underscore.
    private let shared: [String: YamlNode]
    /// Other names, in type checks, of records that are not what rules know by their own.
    var ownNames: [String: String] = [:]
    /// Whether members' names ask something of their values.
    var constrains = true
    private var open: Set<String> = []
    static let depthMax = 16

    init(_ file: SourceFile, shared: [String: YamlNode]) {
        self.file = file
        self.shared = shared
    }

    /// The record an event type's data is, or nil after noting what is wrong. `name` names it in type checks.
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
            guard let element = member(elements[0], path: path, depth: depth + 1) else { return nil }
            return Member(type: .list(element.type), isOptional: false)
        case .mapping(let entries):
            if entries.count == 1, DeclaredType.named[entries[0].key] != nil {
                guard entries[0].key == "string" else {
                    file.error(entries[0].keyPlace, "the keys of a map are `string`, not `\(entries[0].key)`")
                    return nil
                }
                guard let value = member(entries[0].value, path: path, depth: depth + 1) else { return nil }
                if value.type.holdsAmounts {
                    file.error(entries[0].value.place, "the values of a map cannot be money")
                    return nil
                }
                return Member(type: .map(value.type), isOptional: false)
            }
            return record(entries, named: path, depth: depth).map { Member(type: .record($0), isOptional: false) }
        }
    }

    private mutating func record(_ entries: [YamlNode.Entry], named name: String, depth: Int) -> RecordSchema? {
        var members: [(name: String, member: Member)] = []
        for entry in entries {
            guard let member = member(entry.value, path: name + "." + entry.key, depth: depth + 1) else { continue }
            if case .personal = member.type, depth > 0 {
                file.error(entry.value.place, "only a member of the data itself can be personal")
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
                    constraint: constrains ? Constraint(name: name, type: member.type) : nil)
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
