import AgentKit
import Engine
package import EventLog
import JSON

/// The subject of a timeline: `order:ORD-001`, `complaint:COMP-001`, `user:U-ali`.
package struct SubjectName: Sendable, Hashable, CustomStringConvertible {
    /// The word before the colon; empty if no entry tells the kind of the id.
    package let kind: String
    package let id: String

    package init(kind: String, id: String) {
        self.kind = kind
        self.id = id
    }

    /// Parses a lower-case kind, a colon and an id; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0].utf8.allSatisfy({ $0 >= 0x61 && $0 <= 0x7A }) else { return nil }
        self.init(kind: String(parts[0]), id: String(parts[1]))
    }

    package var description: String { kind.isEmpty ? id : kind + ":" + id }

    /// Members of entries that name persons.
    private static let people: Set<String> = [
        "userId", "buyerId", "sellerId", "riderId", "ownerId", "harmedId", "creditorId", "partyId", "fromUserId",
        "toUserId", "reporterId", "providerId", "modelOwnerId", "validatorIds",
    ]

    /// Members that may name things of several kinds.
    private static let general: Set<String> = ["partyId", "referenceId", "parentId"]

    /// Returns true if a member of that name may refer to this subject: `orderId` never names a complaint.
    func isNamed(by member: String) -> Bool {
        guard !kind.isEmpty, member.hasSuffix("Id") || member.hasSuffix("Ids") else { return true }
        if kind == "user" { return Self.people.contains(member) }
        return member == kind + "Id" || member == "partyId" || member == "referenceId"
    }

    /// Returns true if the value of a member, or anything in it, names the subject.
    func isNamed(in view: View, as member: String = "") -> Bool {
        switch view.kind {
        case .string: return view.equals(id) && isNamed(by: member)
        case .array: return view.children.contains { isNamed(in: $0, as: member) }
        case .object: return view.children.contains { isNamed(in: $0, as: $0.name ?? "") }
        default: return false
        }
    }

    /// Returns true if an entry has this id as its subject and its data do not give the id another kind.
    func isSubject(of entry: View) -> Bool {
        guard entry["subject"]?.equals(id) == true else { return false }
        let kinds = entry["data"].map { Self.kinds(of: id, in: $0) } ?? []
        return kinds.isEmpty || kinds.contains(kind)
    }
}

extension SubjectName {
    /// Parses a name with its kind, or an id alone, whose kind is looked up in the log's entries.
    /// - Throws: `ReadingError` if things of several kinds have the id; `EventLogError` if the log cannot be read.
    package static func find(_ text: String, in log: EventLog) throws -> SubjectName {
        if let name = SubjectName(text) { return name }
        let pattern = BytePattern(token: text)
        var kinds: Set<String> = []
        try unsafe log.scan(from: 0) { _, bytes in
            guard unsafe pattern.isFound(in: bytes), let entry = try? unsafe Document(canonical: bytes) else {
                return true
            }
            if let data = entry.root["data"] { kinds.formUnion(Self.kinds(of: text, in: data)) }
            return true
        }
        guard kinds.count < 2 else {
            let names = kinds.sorted().map { "`\($0):\(text)`" }
            throw ReadingError("`\(text)` names several things: write \(names.joined(separator: " or "))")
        }
        return SubjectName(kind: kinds.first ?? "", id: text)
    }

    /// The kinds that the members holding the id imply.
    private static func kinds(of id: String, in view: View, as member: String = "") -> Set<String> {
        switch view.kind {
        case .string: return view.equals(id) ? Set([kind(namedBy: member)].compactMap { $0 }) : []
        case .array: return view.children.reduce(into: []) { $0.formUnion(kinds(of: id, in: $1, as: member)) }
        case .object: return view.children.reduce(into: []) { $0.formUnion(kinds(of: id, in: $1, as: $1.name ?? "")) }
        default: return []
        }
    }

    /// `order` for `orderId`, `user` for `buyerId`; nil for a member that implies no kind.
    private static func kind(namedBy member: String) -> String? {
        if general.contains(member) { return nil }
        if people.contains(member) { return "user" }
        if member.hasSuffix("Id") { return String(member.dropLast(2)) }
        return member.hasSuffix("Ids") ? String(member.dropLast(3)) : nil
    }
}

/// Selects the entries that belong to a subject while a log is read in order: those that name it, and those that follow
/// from them. Remembers only their sequences.
struct SubjectFilter {
    /// The members of an entry that the index of words has.
    private static let searchable: [StaticString] = ["causationid", "correlationid", "data", "subject", "type"]

    private let subject: SubjectName
    private let isSearchable: Bool
    private let pattern: BytePattern
    private let account: BytePattern?
    private var included: Set<UInt64> = []
    /// Every entry that it selects later has one of these, where it is searchable and no user's.
    private(set) var words: [Word]

    /// - Parameter isSearchable: looks only at what the index of words has, and so selects the same with and without it.
    init(_ subject: SubjectName, isSearchable: Bool = false) {
        self.subject = subject
        self.isSearchable = isSearchable
        words = [Word(subject.id)]
        pattern = BytePattern(token: subject.id)
        account = subject.kind == "user" || subject.kind.isEmpty ? BytePattern("\"wallet/" + subject.id + "/") : nil
    }

    /// The entry if it belongs to the subject; nil otherwise.
    mutating func take(_ sequence: UInt64, _ bytes: UnsafeRawBufferPointer) -> Document? {
        let isNamed = unsafe pattern.isFound(in: bytes)
        let isPaid = unsafe !isNamed && (account?.isFound(in: bytes) ?? false)
        guard isNamed || isPaid || !included.isEmpty else { return nil }
        guard isNamed || isPaid || mayFollow(unsafe EntryLinks(bytes)) else { return nil }
        guard let document = try? unsafe Document(canonical: bytes) else { return nil }
        guard isPaid || names(document.root) || mayFollow(EntryLinks(document.root)) else { return nil }
        included.insert(sequence)
        words.append(Word(EntrySequence(sequence).padded))
        return document
    }

    private func names(_ entry: View) -> Bool {
        guard isSearchable else { return subject.isNamed(in: entry) }
        return Self.searchable.contains { name in entry[name].map { subject.isNamed(in: $0, as: "\(name)") } ?? false }
    }

    private func mayFollow(_ links: EntryLinks) -> Bool {
        links.cause.map(included.contains) ?? false || links.correlation.map(included.contains) ?? false
    }
}
