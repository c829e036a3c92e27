package import AgentKit

/// A table that a rule file declares.
package final class DeclaredTable: @unchecked Sendable {
    package let name: String
    package let agent: String
    package let shape: TableShape
    /// The members by which rows are looked up.
    package let indexes: [String]
    let schema: RecordSchema
    /// The initial row, before anything is known of it.
    let empty: JSONHost

    /// Its rows, once its rule set is in force.
    package var rows: RecordTable?

    init(name: String, agent: String, key: String, indexes: [String], schema: RecordSchema) {
        self.name = name
        self.agent = agent
        self.indexes = indexes
        self.schema = schema
        shape = TableShape(key: key, schema)
        empty = JSONHost(RecordJSON.empty(schema))
    }

    /// The amounts in its rows.
    package var amounts: AmountMembers { schema.amountMembers }

    /// The names of its members in the order of RFC 8785.
    package var members: [String] { schema.members.map(\.name) }

    /// The function that looks rows up by a member: `giftsByToUserId`.
    static func lookup(_ table: String, _ member: String) -> String {
        table + "By" + member.prefix(1).uppercased() + member.dropFirst()
    }

    /// The row as a rule set that added members to it finds it: they start empty.
    package func completed(_ row: Document, _ added: [String]) -> Document {
        RecordJSON.merged(schema) { member in
            if let present = RecordJSON.bytes(of: member, in: row) { return present }
            return added.contains(member.name) ? RecordJSON.bytes(of: member, in: empty.document) : nil
        } ?? row
    }

    var lookups: [Function] {
        indexes.compactMap { member in
            guard let index = schema.index(of: member) else { return nil }
            let type = schema.members[index].type.celType
            let overload = Function.Overload([type], result: .list(.string), cost: 2) { [self] arguments in
                let value = Self.text(arguments[0])
                guard let rows else { return .list([]) }
                guard arguments.charge(UInt64(rows.count(member, value))) else {
                    return .failure(.costExceeded, "the rows found pass the cost limit")
                }
                return .list(rows.keys(member, value).map(Value.string))
            }
            return Function(Self.lookup(name, member), [overload])
        }
    }

    /// A value as indexes know it.
    private static func text(_ value: Value) -> String {
        switch value {
        case .int(let number): String(number)
        case .bool(let flag): flag ? "true" : "false"
        default: value.stringValue ?? ""
        }
    }
}

/// Rows as canonical JSON.
enum RecordJSON {
    /// An object of the members that `content` gives, in the order of RFC 8785.
    /// - Returns: nil where that is not a readable document.
    static func merged(_ schema: RecordSchema, _ content: (RecordSchema.Member) -> [UInt8]?) -> Document? {
        var writer = CanonicalWriter(capacity: 256)
        writer.beginObject()
        for member in schema.members {
            guard let bytes = content(member) else { continue }
            writer.key(member.name)
            unsafe bytes.withUnsafeBytes { unsafe writer.raw($0) }
        }
        writer.endObject()
        return try? Document(adopting: writer.bytes)
    }

    /// The canonical bytes of a member; nil where it is absent.
    static func bytes(of member: RecordSchema.Member, in document: Document) -> [UInt8]? {
        let node = unsafe member.utf8.withUnsafeBytes { unsafe document.member(of: 0, utf8: $0) }
        return node.map { node in
            unsafe View(document: document, node: node).withCanonicalBytes { unsafe [UInt8]($0) }
        }
    }

    /// The initial row: optional members are absent, the others empty.
    static func empty(_ schema: RecordSchema) -> Document {
        merged(schema) { $0.isOptional ? nil : empty($0.type) } ?? .emptyObject
    }

    /// The empty value of a type.
    static func empty(_ type: DeclaredType) -> [UInt8] {
        switch type {
        case .string, .id, .oneOf: Array("\"\"".utf8)
        case .int, .money, .double: Array("0".utf8)
        case .bool: Array("false".utf8)
        case .timestamp: Array("\"\(Instant.earliest.text)\"".utf8)
        case .duration: Array("\"0s\"".utf8)
        case .dyn: Array("null".utf8)
        case .list: Array("[]".utf8)
        case .map: Array("{}".utf8)
        case .record(let schema): empty(schema).bytes
        case .personal: Array("null".utf8)
        }
    }
}

/// The shape of a declared table's rows, to which a later rule set is held. The ledger's views keep these texts.
package struct TableShape: Hashable, Sendable {
    /// The member of an event that names its row.
    package let key: String
    /// The type of each member as text; two texts are the same where rows of one are rows of the other.
    package let members: [String: String]

    package init(key: String, members: [String: String]) {
        self.key = key
        self.members = members
    }

    init(key: String, _ schema: RecordSchema) {
        self.key = key
        members = Dictionary(uniqueKeysWithValues: schema.members.map { ($0.name, Self.text($0)) })
    }

    private static let optional = "optional "

    private static func text(_ member: RecordSchema.Member) -> String {
        (member.isOptional ? optional : "") + text(member.type)
    }

    private static func text(_ type: DeclaredType) -> String {
        switch type {
        // An id is a string: the ingress checks its pattern.
        case .id: "string"
        // Minor units are an int; the member `currency` that amounts bring is one of the row's.
        case .money: "int"
        case .list(let element): "[" + text(element) + "]"
        case .map(let value): "{string: " + text(value) + "}"
        case .record(let schema):
            "{" + schema.members.map { $0.name + ": " + text($0) }.joined(separator: ", ") + "}"
        case .oneOf(let values): values.sorted().joined(separator: "|")
        default: type.text
        }
    }

    /// One reason for which rows of an earlier shape do not fit this one.
    struct Problem {
        /// Nil where it is the key, or the member is gone.
        let member: String?
        let message: String
    }

    /// The reasons for which rows of an earlier shape cannot be kept; empty where they can.
    func problems(after earlier: TableShape, of table: String) -> [Problem] {
        var problems: [Problem] = []
        if key != earlier.key {
            problems.append(
                Problem(
                    member: nil,
                    message: "the key of `\(table)` was `\(earlier.key)`: rows that are there would not be found"))
        }
        for (name, type) in earlier.members.sorted(by: { $0.key < $1.key }) {
            guard let now = members[name] else {
                problems.append(
                    Problem(
                        member: nil, message: "`\(table)` no longer declares `\(name)`, which rows that are there have")
                )
                continue
            }
            guard !Self.holds(now, type) else { continue }
            problems.append(
                Problem(
                    member: name, message: "`\(name)` of `\(table)` was `\(type)`: rows that are there keep that type"))
        }
        return problems
    }

    /// Returns true if every value of the earlier type is one of the type: an enum may gain texts, and a member become
    /// optional.
    private static func holds(_ type: String, _ earlier: String) -> Bool {
        let isOptional = type.hasPrefix(optional)
        if earlier.hasPrefix(optional), !isOptional { return false }
        func bare(_ text: String) -> String { text.hasPrefix(optional) ? String(text.dropFirst(optional.count)) : text }
        let (now, before) = (bare(type), bare(earlier))
        if now == before { return true }
        guard let now = texts(now), let before = texts(before) else { return false }
        return before.isSubset(of: now)
    }

    /// The texts of an enum; nil for any other type.
    private static func texts(_ type: String) -> Set<Substring>? {
        guard DeclaredType.named[type] == nil, !type.hasPrefix("["), !type.hasPrefix("{") else { return nil }
        return Set(type.split(separator: "|"))
    }

    /// The members that rows of an earlier shape lack and must have.
    package func added(to earlier: TableShape) -> [String] {
        members.keys.filter { earlier.members[$0] == nil && !(members[$0]?.hasPrefix(Self.optional) ?? true) }.sorted()
    }

    /// Returns true if rows of an earlier shape can be kept.
    package func keeps(_ earlier: TableShape) -> Bool { problems(after: earlier, of: "").isEmpty }
}
