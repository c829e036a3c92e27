/// What a table holds in memory: rows by place, and what they replaced while the journal records.
@usableFromInline package struct Rows {
    /// What is known of the row at a place.
    @usableFromInline package enum Entry {
        /// Nothing: what is older counts.
        case unknown
        /// As the store has it.
        case read(RowHost)
        /// The store has none.
        case absent
        case set(RowHost)
        case removed

        var isChange: Bool {
            switch self {
            case .set, .removed: true
            case .unknown, .read, .absent: false
            }
        }
    }

    /// An entry that was replaced.
    private struct Replaced {
        let place: Int
        let before: Entry
    }

    package private(set) var index = KeyIndex()
    package private(set) var entries: [Entry] = []
    private var undo: [Replaced] = []
    /// Places that were changed.
    private(set) var changeCount = 0
    /// Rows that were only looked for.
    private(set) var readCount = 0

    init() {}

    mutating func place(_ key: UnsafeRawBufferPointer) -> Int {
        let place = unsafe index.insert(key)
        if place == entries.count { entries.append(.unknown) }
        return place
    }

    mutating func set(_ entry: consuming Entry, at place: Int, isRecording: Bool) {
        var replaced = consume entry
        swap(&replaced, &entries[place])
        if !replaced.isChange { changeCount += 1 }
        if isRecording { undo.append(Replaced(place: place, before: replaced)) }
    }

    /// Keeps what was found of a key's row, unless something is known of it.
    mutating func remember(_ entry: Entry, _ key: UnsafeRawBufferPointer) {
        let place = unsafe place(key)
        guard case .unknown = entries[place] else { return }
        entries[place] = entry
        readCount += 1
    }

    mutating func undoLast() {
        let last = undo.removeLast()
        if !last.before.isChange { changeCount -= 1 }
        entries[last.place] = last.before
    }

    mutating func forgetUndo() { undo.removeAll(keepingCapacity: true) }

    /// The keys that were changed, in no order.
    func changedKeys() -> [String] {
        entries.indices.lazy.filter { entries[$0].isChange }.map { index.key(at: $0) }
    }

    /// The changes in key order, encoded; nil where a row was removed.
    func sortedChanges() -> [(key: String, value: [UInt8]?)] {
        index.sorted(entries.indices.filter { entries[$0].isChange }).map { place in
            guard case .set(let row) = entries[place] else { return (index.key(at: place), nil) }
            return (index.key(at: place), row.encoded)
        }
    }
}
