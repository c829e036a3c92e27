/// What a table holds in memory: rows by place, and what they replaced while the journal records.
@usableFromInline package struct Rows<R> {
    /// What is known of the row at a place.
    @usableFromInline package enum Entry {
        /// Nothing: what is older counts.
        case unknown
        /// As the store has it.
        case read(R)
        /// The store has none.
        case absent
        case set(R)
        case removed

        @inlinable package var isChange: Bool {
            switch self {
            case .set, .removed: true
            case .unknown, .read, .absent: false
            }
        }
    }

    /// An entry that was replaced.
    @usableFromInline package struct Replaced {
        @usableFromInline let place: Int
        @usableFromInline let before: Entry

        @inlinable init(place: Int, before: Entry) {
            self.place = place
            self.before = before
        }
    }

    @usableFromInline package var index = KeyIndex()
    @usableFromInline package var entries: [Entry] = []
    @usableFromInline package var undo: [Replaced] = []
    /// Places that were changed.
    @usableFromInline package var changeCount = 0
    /// Rows that were only looked for.
    @usableFromInline package var readCount = 0

    package init() {}

    @inlinable package mutating func place(_ key: UnsafeRawBufferPointer) -> Int {
        let place = unsafe index.insert(key)
        if place == entries.count { entries.append(.unknown) }
        return place
    }

    @inlinable package mutating func set(_ entry: Entry, at place: Int, isRecording: Bool) {
        let isFirst = !entries[place].isChange
        if isRecording { undo.append(Replaced(place: place, before: entries[place])) }
        if isFirst { changeCount += 1 }
        entries[place] = entry
    }

    mutating func undoLast() {
        let last = undo.removeLast()
        if !last.before.isChange { changeCount -= 1 }
        entries[last.place] = last.before
    }

    /// The keys that were changed, in no order.
    func changedKeys() -> [String] {
        entries.indices.lazy.filter { entries[$0].isChange }.map { index.key(at: $0) }
    }

    /// The changes, in key order.
    func sortedChanges() -> [(key: String, row: R?)] {
        var changes: [(key: String, row: R?)] = []
        changes.reserveCapacity(changeCount)
        for place in entries.indices {
            switch entries[place] {
            case .set(let row): changes.append((index.key(at: place), row))
            case .removed: changes.append((index.key(at: place), nil))
            case .unknown, .read, .absent: break
            }
        }
        changes.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return changes
    }
}
