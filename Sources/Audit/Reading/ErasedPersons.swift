import EventLog
import JSON

/// Who was erased, as far as a log was read.
struct ErasedPersons {
    private static let completed = EntryNeedle(#""type":"erasure.completed"}"#)

    private(set) var ids: Set<String> = []
    /// The entries that were read.
    private var end: UInt64 = 0

    /// Reads what the log has gained.
    mutating func read(_ log: EventLog) throws(ReplayError) {
        var found: Set<String> = []
        let (start, size) = (end, log.size)
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: start, to: size) { _, bytes in
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

    /// Everybody who was erased.
    static func ids(in log: EventLog) throws(ReplayError) -> Set<String> {
        var persons = ErasedPersons()
        try persons.read(log)
        return persons.ids
    }
}
