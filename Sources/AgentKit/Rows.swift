/// The in-memory part of a table: rows by slot, and the entries they replaced while the journal records.
@usableFromInline package struct Rows {
    /// Knowledge of the row at a slot.
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
        let slot: Int
        let before: Entry
    }

    package private(set) var index = KeyIndex()
    package private(set) var entries: [Entry] = []
    private var undo: [Replaced] = []
    /// Slots that were changed.
    private(set) var changeCount = 0
    /// Rows that were only looked for.
    private(set) var readCount = 0
    /// The slots of rows that are set in the order of their keys, as of the last walk; nil before the first.
    private var ordered: [Int]?
    /// Slots whose rows were set since, some of them twice or removed again.
    private var unordered: [Int] = []
    /// The number of slots below which they are put in order only when a walk asks for it.
    private static let unorderedMin = 4096

    init() {}

    mutating func slot(_ key: UnsafeRawBufferPointer) -> Int {
        let slot = unsafe index.insert(key)
        if slot == entries.count { entries.append(.unknown) }
        return slot
    }

    mutating func set(_ entry: consuming Entry, at slot: Int, isRecording: Bool) {
        var replaced = consume entry
        swap(&replaced, &entries[slot])
        if !replaced.isChange { changeCount += 1 }
        if ordered != nil, !replaced.isSet { noteSet(slot) }
        if isRecording { undo.append(Replaced(slot: slot, before: replaced)) }
    }

    /// Keeps what was found of a key's row, unless something is known of it.
    mutating func remember(_ entry: Entry, _ key: UnsafeRawBufferPointer) {
        let slot = unsafe slot(key)
        guard case .unknown = entries[slot] else { return }
        entries[slot] = entry
        readCount += 1
    }

    mutating func undoLast() {
        let last = undo.removeLast()
        if !last.before.isChange { changeCount -= 1 }
        entries[last.slot] = last.before
        if ordered != nil, last.before.isSet { noteSet(last.slot) }
    }

    mutating func forgetUndo() { undo.removeAll(keepingCapacity: true) }

    /// The slots of rows that are set, in the order of their keys. It takes time for those there are and for those set
    /// since the last call, not for what was removed: of many rows that come and go, walks see the few that are there.
    package mutating func orderedSlots() -> [Int] {
        let known = ordered ?? []
        let new = ordered == nil ? Array(entries.indices) : unordered
        ordered = []
        unordered = []
        let slots = index.merged(known.filter { entries[$0].isSet }, index.sorted(new.filter { entries[$0].isSet }))
        var last: Int?
        let once = slots.filter { slot in
            defer { last = slot }
            return slot != last
        }
        ordered = once
        return once
    }

    private mutating func noteSet(_ slot: Int) {
        guard entries[slot].isSet else { return }
        unordered.append(slot)
        if unordered.count > Swift.max(Self.unorderedMin, ordered?.count ?? 0) { _ = orderedSlots() }
    }

    /// The changes in key order, encoded; nil where a row was removed.
    func sortedChanges() -> [(key: String, value: [UInt8]?)] {
        index.sorted(entries.indices.filter { entries[$0].isChange }).map { slot in
            guard case .set(let row) = entries[slot] else { return (index.key(at: slot), nil) }
            return (index.key(at: slot), row.encoded)
        }
    }
}
