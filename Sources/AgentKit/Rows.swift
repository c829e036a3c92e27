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

    /// The row that a slot had at a snapshot mark.
    private struct Past {
        let slot: Int
        let mark: UInt64
        let entry: Entry
    }

    package private(set) var index = KeyIndex()
    package private(set) var entries: [Entry] = []
    /// The snapshot mark from which on changed rows are kept as they were; 0 before the first.
    private(set) var mark: UInt64
    /// By slot, the newest mark at which its row was kept.
    private var keptAt: [UInt64] = []
    /// The rows as they were, in the order in which they were changed first after a mark.
    private var pasts: [Past] = []
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

    init(since mark: UInt64 = 0) { self.mark = mark }

    /// Keeps each row that changes from now on as it is now.
    mutating func keep(since mark: UInt64) { self.mark = mark }

    mutating func slot(_ key: UnsafeRawBufferPointer) -> Int {
        let slot = unsafe index.insert(key)
        if slot == entries.count {
            entries.append(.unknown)
            keptAt.append(0)
        }
        return slot
    }

    mutating func set(_ entry: consuming Entry, at slot: Int, isRecording: Bool) {
        var replaced = consume entry
        swap(&replaced, &entries[slot])
        if !replaced.isChange { changeCount += 1 }
        if keptAt[slot] != mark {
            keptAt[slot] = mark
            pasts.append(Past(slot: slot, mark: mark, entry: replaced))
        }
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

    /// The slots that were set since the journal began to record, each once, with what they had before.
    var replaced: [(slot: Int, before: Entry)] {
        var seen: Set<Int> = []
        return undo.filter { seen.insert($0.slot).inserted }.map { ($0.slot, $0.before) }
    }

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

    /// Rows as they were at the snapshot marks before they were changed, encoded, older marks first.
    func pastRows() -> [PastRow] {
        pasts.map { past in
            let value: PastRow.Value =
                switch past.entry {
                case .unknown: .stored
                case .read(let row), .set(let row): .row(row.encoded)
                case .absent, .removed: .absent
                }
            return PastRow(key: index.key(at: past.slot), mark: past.mark, value: value)
        }
    }
}

/// A row as it was at a snapshot mark, for the writer behind.
package struct PastRow: Sendable {
    package enum Value: Sendable {
        /// The row that the store has until the changes are written.
        case stored
        case row([UInt8])
        /// There was none.
        case absent
    }

    package let key: String
    /// The number of entries folded then.
    package let mark: UInt64
    package let value: Value
}
