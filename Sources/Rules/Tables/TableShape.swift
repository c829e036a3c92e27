/// What the rows of a declared table are, so that a later rule set can be held to it. The ledger's views keep these texts.
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
        // An id is a string: what sets them apart is asked at the door.
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

    /// One way in which rows of an earlier shape are none of this.
    struct Problem {
        /// Nil where it is the key, or the member is gone.
        let member: String?
        let message: String
    }

    /// What keeps the rows of an earlier shape from being kept; empty where nothing does.
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

    /// Whether every value of the earlier type is one of the type: an enum may gain texts, and a member become optional.
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

    /// Whether rows of an earlier shape can be kept.
    package func keeps(_ earlier: TableShape) -> Bool { problems(after: earlier, of: "").isEmpty }
}
