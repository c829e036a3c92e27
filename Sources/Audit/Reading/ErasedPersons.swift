import AgentKit
import Engine
package import EventLog
package import JSON

/// Persons whose erasure a log records, up to the entry last read.
package struct ErasedPersons {
    private static let completed = BytePattern(entryType: "erasure.completed")

    package private(set) var ids: Set<String> = []
    /// The number of entries read.
    private var end: UInt64 = 0

    package init() {}

    /// Reads the entries appended since.
    /// - Parameter usesIndex: false reads every entry, and believes no views.
    /// - Throws: `ReplayError` if the log cannot be read.
    package mutating func read(_ log: EventLog, usesIndex: Bool = true) throws(ReplayError) {
        var found: Set<String> = []
        let (start, size) = (end, log.size)
        try reading { () throws(EventLogError) in
            unsafe try EntrySearch(log, usesIndex: usesIndex).scan(
                from: start, to: size, words: ["erasure.completed"]
            ) { _, bytes in
                guard unsafe Self.completed.ends(bytes), let entry = try? unsafe Document(canonical: bytes),
                    let erased = ErasureCompleted(of: entry.root)
                else { return true }
                found.insert(erased.userId)
                return true
            }
        }
        ids.formUnion(found)
        end = size
    }

    /// The entry with its sealed fields marked as erased, where it is about one of them and has any.
    package func shown(_ entry: View) -> Document? {
        guard let user = Self.person(of: entry), ids.contains(user) else { return nil }
        return ErasedFields.marked(entry)
    }

    /// The person whose personal data an entry holds, sealed; nil for an entry without any.
    package static func person(of entry: View) -> String? {
        guard let data = entry["data"], let user = data["userId"]?.string, ErasedFields.hasSealed(data) else {
            return nil
        }
        return user
    }

    /// The person whose personal data an entry says are erased; nil for any other entry.
    package static func erased(by entry: View) -> String? { ErasureCompleted(of: entry)?.userId }

    /// All persons whose erasure a log records.
    static func ids(in log: EventLog) throws(ReplayError) -> Set<String> {
        var persons = ErasedPersons()
        try persons.read(log)
        return persons.ids
    }
}

/// Replaces the sealed fields of an erased person by `{"erased": true}`.
struct ErasedFields {
    private let erasure = BytePattern(token: "erasure.completed")
    let log: EventLog

    /// The entry with its erased fields marked; nil if it has none.
    func shown(_ entry: View) throws -> Document? {
        guard let user = ErasedPersons.person(of: entry), try isErased(user, after: entry.sequence) else { return nil }
        return Self.marked(entry)
    }

    /// The entry with all of its sealed fields marked as erased.
    static func marked(_ entry: View) -> Document? {
        var writer = CanonicalWriter(capacity: 1024)
        writer.beginObject()
        entry.forEachMember { name, value in
            writer.key(name)
            if name == "data" { write(value, to: &writer) } else { writer.value(value) }
        }
        writer.endObject()
        return try? Document(adopting: writer.bytes)
    }

    private static func write(_ data: View, to writer: inout CanonicalWriter) {
        writer.beginObject()
        data.forEachMember { name, value in
            writer.key(name)
            guard isSealed(value) else { return writer.value(value) }
            writer.beginObject()
            writer.key("erased")
            writer.bool(true)
            writer.endObject()
        }
        writer.endObject()
    }

    static func hasSealed(_ data: View) -> Bool {
        var found = false
        data.forEachMember { _, value in if isSealed(value) { found = true } }
        return found
    }

    private static func isSealed(_ value: View) -> Bool {
        value.kind == .object && value.count == 2 && value["commitment"] != nil && value["sealed"] != nil
    }

    /// Returns true if the log records the person's erasure.
    private func isErased(_ user: String, after sequence: UInt64) throws -> Bool {
        var found = false
        try unsafe EntrySearch(log).scan(from: sequence, words: ["erasure.completed"]) { _, bytes in
            guard unsafe erasure.isFound(in: bytes), let entry = try? unsafe Document(canonical: bytes).root
            else { return true }
            found = ErasureCompleted(of: entry)?.userId == user
            return !found
        }
        return found
    }
}
