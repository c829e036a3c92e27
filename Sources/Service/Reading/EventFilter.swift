import JSON

/// Which entries a reader wants.
struct EventFilter: EntryTest {
    private var wanted: [(name: StaticString, value: [UInt8])] = []

    init(_ query: QueryItems) {
        add("type", query["type"])
        add("subject", query["subject"])
        add("correlationid", query["correlation"])
    }

    private mutating func add(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        var writer = CanonicalWriter(capacity: 128)
        writer.string(value)
        wanted.append((name, writer.bytes))
    }

    /// Whether a recorded entry has every attribute asked for.
    func matches(_ entry: UnsafeRawBufferPointer) -> Bool {
        guard !wanted.isEmpty else { return true }
        var found = 0
        var fields = unsafe EntryFields(entry)
        while let member = fields.next() {
            for item in wanted where member.isNamed(item.name) {
                guard member.isValue(item.value) else { return false }
                found += 1
            }
        }
        return found == wanted.count
    }
}
