package import AgentKit

/// A table that a rule file declares.
package final class DeclaredTable: @unchecked Sendable {
    package let name: String
    package let agent: String
    package let shape: TableShape
    /// The members by which rows are looked up.
    package let indexes: [String]
    let schema: RecordSchema
    /// What a row is before anything is known of it.
    let empty: JSONHost

    /// Its rows, from when its rule set is put in force.
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
    /// - Returns: nil where that is no document that can be read.
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

    /// A row of which nothing is known: optional members are absent, the others empty.
    static func empty(_ schema: RecordSchema) -> Document {
        merged(schema) { $0.isOptional ? nil : empty($0.type) } ?? .emptyObject
    }

    /// A value of which nothing is known.
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
