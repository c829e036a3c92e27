import AgentKit
import Engine
import EventLog
import JSON

/// Persons whose erasure a log records, up to the entry last read.
struct ErasedPersons {
    private static let completed = BytePattern(entryType: "erasure.completed")

    private(set) var ids: Set<String> = []
    /// The number of entries read.
    private var end: UInt64 = 0

    /// Reads the entries appended since.
    /// - Throws: `ReplayError` if the log cannot be read.
    mutating func read(_ log: EventLog) throws(ReplayError) {
        var found: Set<String> = []
        let (start, size) = (end, log.size)
        try reading { () throws(EventLogError) in
            unsafe try EntrySearch(log).scan(from: start, to: size, words: ["erasure.completed"]) { _, bytes in
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
        guard let data = entry["data"], let user = data["userId"]?.string, hasSealed(data),
            try isErased(user, after: entry.sequence)
        else { return nil }
        var writer = CanonicalWriter(capacity: 1024)
        writer.beginObject()
        entry.forEachMember { name, value in
            writer.key(name)
            if name == "data" { write(data, to: &writer) } else { writer.value(value) }
        }
        writer.endObject()
        return try Document(adopting: writer.bytes)
    }

    private func write(_ data: View, to writer: inout CanonicalWriter) {
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

    private func hasSealed(_ data: View) -> Bool {
        var found = false
        data.forEachMember { _, value in if isSealed(value) { found = true } }
        return found
    }

    private func isSealed(_ value: View) -> Bool {
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
