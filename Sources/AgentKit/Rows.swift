/// The in-memory part of a table: rows by place, and the entries they replaced while the journal records.
@usableFromInline package struct Rows {
    /// Knowledge of the row at a place.
    @usableFromInline package enum Entry {
        /// Nothing is known here: the older levels count.
        case unknown
        /// The row as the store has it.
        case read(RowHost)
        /// The store has none.
        case absent
        case set(RowHost)
        case removed

        var isSet: Bool { if case .set = self { true } else { false } }

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
    /// The places of rows that are set in the order of their keys, as of the last walk; nil before the first.
    private var ordered: [Int]?
    /// Places whose rows were set since, some of them twice or removed again.
    private var unordered: [Int] = []
    /// The number of places below which they are put in order only when a walk asks for it.
    private static let unorderedMin = 4096

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
        if ordered != nil, !replaced.isSet { noteSet(place) }
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
        if ordered != nil, last.before.isSet { noteSet(last.place) }
    }

    mutating func forgetUndo() { undo.removeAll(keepingCapacity: true) }

    /// The places of rows that are set, in the order of their keys. It takes time for those there are and for those set
    /// since the last call, not for what was removed: of many rows that come and go, walks see the few that are there.
    package mutating func setPlaces() -> [Int] {
        let known = ordered ?? []
        let new = ordered == nil ? Array(entries.indices) : unordered
        ordered = []
        unordered = []
        let places = index.merged(known.filter { entries[$0].isSet }, index.sorted(new.filter { entries[$0].isSet }))
        var last: Int?
        let once = places.filter { place in
            defer { last = place }
            return place != last
        }
        ordered = once
        return once
    }

    private mutating func noteSet(_ place: Int) {
        guard entries[place].isSet else { return }
        unordered.append(place)
        if unordered.count > Swift.max(Self.unorderedMin, ordered?.count ?? 0) { _ = setPlaces() }
    }

    /// The changes in key order, encoded; nil where a row was removed.
    func sortedChanges() -> [(key: String, value: [UInt8]?)] {
        index.sorted(entries.indices.filter { entries[$0].isChange }).map { place in
            guard case .set(let row) = entries[place] else { return (index.key(at: place), nil) }
            return (index.key(at: place), row.encoded)
        }
    }
}
