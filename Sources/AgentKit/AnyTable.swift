package import CEL

/// The rows of one projection by key, without their type: changes in memory over what the store holds.
///
/// A table has levels as a log-structured merge tree has. Recent changes and rows that were read lie in `rows` (the
/// memtable), which finds a key's slot in a `KeyIndex` and an entry at that slot. `rotate` sets the memtable aside to
/// be written by another thread and begins a new one; `discardRotated` drops it once the store has it. A row is looked
/// for in the memtable, in the rotated one, then in the store (`TableStore`).
///
/// - Types: agents use `Table<R>`, which is specialised for its row type and shares this class's storage. A row is kept
///   as a `RowBox<R>`, whose base `RowHost` is what rules read, so that a look-up by a rule needs neither a copy nor
///   the type. `Row` lists its fields once (`RowFields`); the `RowShape` made of them gives the stored form, the CEL
///   type and the JSON, and reads a field by its offset in memory.
/// - Rows are values that never change: setting a row makes a new box, so that a reader may keep the old one.
/// - Undo: while the `Journal` of the `TableSet` records, a table keeps the entries it replaces, so that a cascade is
///   taken back in time proportional to what it changed.
/// - Tables that rule files declare have rows of canonical JSON (`RecordTable`), all in one table of the store.
@usableFromInline package class AnyTable {
    /// Rows remembered after they were only looked for, until the next rotation.
    private static let readRowsMax = 262_144

    /// The name of the table, which is also its name in rules.
    package final let name: String
    /// Indicates that rules and clients may read it.
    package final let isProjection: Bool
    /// The amounts in its rows.
    package final let amounts: AmountMembers
    /// The record types of its rows.
    package final let recordTypes: [RecordType]
    /// The CEL type of the whole: a map from key to record.
    package final let celType: CELType

    package private(set) final var rows = Rows()
    /// Changes that are being written.
    private final var rotated = Rows()
    /// Raised whenever a row is set, removed or taken back.
    package private(set) final var changeNumber: UInt64 = 0
    /// Raised whenever slots lose what they stood for.
    package private(set) final var slotGeneration: UInt64 = 0
    private final let stored: (any StoredRows)?
    private final let decode: ([UInt8]) -> RowHost?
    private final let journal: Journal
    private final let number: UInt16

    init<R: Row>(name: String, of row: R.Type, isProjection: Bool, journal: Journal, stored: (any StoredRows)?) {
        self.name = name
        self.isProjection = isProjection
        self.journal = journal
        self.stored = stored
        recordTypes = R.recordTypes
        amounts = R.fields.amounts
        celType = .map(.string, R.celType)
        decode = { bytes in
            var reader = RowReader(bytes)
            return (try? R.decode(from: &reader)).map { RowBox($0, R.fields) }
        }
        number = journal.nextNumber
        journal.add(self)
    }

    // MARK: Reading

    /// The row of a key given as UTF-8.
    @usableFromInline package final func host(_ key: UnsafeRawBufferPointer) -> RowHost? {
        guard let slot = unsafe rows.index.find(key) else { return unsafe older(key) }
        return unsafe host(at: slot, key)
    }

    /// The row at a slot, whose key this is.
    @usableFromInline package final func host(at slot: Int, _ key: UnsafeRawBufferPointer) -> RowHost? {
        switch rows.entries[slot] {
        case .set(let row), .read(let row): row
        case .removed, .absent: nil
        case .unknown: unsafe older(key)
        }
    }

    /// The slot of a key given as UTF-8; it is good until the next rotation.
    @usableFromInline package final func slot(_ key: UnsafeRawBufferPointer) -> Int { unsafe rows.slot(key) }

    /// The slot of a key that has one.
    @usableFromInline package final func knownSlot(_ key: UnsafeRawBufferPointer) -> Int? {
        unsafe rows.index.find(key)
    }

    /// The row beneath the recent changes: set aside, or in the store.
    private final func older(_ key: UnsafeRawBufferPointer) -> RowHost? {
        if rotated.changeCount > 0, let slot = unsafe rotated.index.find(key) {
            switch rotated.entries[slot] {
            case .set(let row):
                unsafe remember(.read(row), key)
                return row
            case .removed: return nil
            case .unknown, .read, .absent: break
            }
        }
        guard let bytes = unsafe stored?.row(key) else {
            unsafe remember(.absent, key)
            return nil
        }
        guard let row = decode(bytes) else { return nil }
        unsafe remember(.read(row), key)
        return row
    }

    private final func remember(_ entry: Rows.Entry, _ key: UnsafeRawBufferPointer) {
        guard rows.readCount < Self.readRowsMax else { return }
        unsafe rows.remember(entry, key)
    }

    /// The row as rules see it.
    package final func value(_ key: String) -> Value? {
        unsafe KeyIndex.withBytes(of: key) { unsafe host($0) }.map { .host($0, 0) }
    }

    /// The row in its stored form.
    package final func encoded(_ key: String) -> [UInt8]? {
        unsafe KeyIndex.withBytes(of: key) { unsafe host($0) }?.encoded
    }

    /// A row given in its stored form, as rules would see it; nil where it cannot be read.
    package final func value(stored bytes: [UInt8]) -> Value? { decode(bytes).map { .host($0, 0) } }

    @usableFromInline package final func contains(_ key: String) -> Bool {
        unsafe KeyIndex.withBytes(of: key) { unsafe host($0) } != nil
    }

    /// Every key in byte order, from the first one not before `from`, until `body` says false. Of rows that `body`
    /// changes it may see the old set of keys.
    package final func forEachKey(from: String = "", _ body: (String) -> Bool) {
        var recent = unsafe KeyIndex.withBytes(of: from) { from in
            (newer: unsafe Walk(&rows, from), older: unsafe Walk(&rotated, from))
        }
        /// The next key that was changed, in order, and each once.
        func takeRecent() -> String? {
            guard let new = recent.newer.key(in: rows) else { return recent.older.take(in: rotated) }
            guard let old = recent.older.key(in: rotated) else { return recent.newer.take(in: rows) }
            if old.utf8.lexicographicallyPrecedes(new.utf8) { return recent.older.take(in: rotated) }
            if old.utf8.elementsEqual(new.utf8) { _ = recent.older.take(in: rotated) }
            return recent.newer.take(in: rows)
        }
        var next = takeRecent()
        var goesOn = true
        func visitRecent(before key: String?) {
            while goesOn, let recent = next, key.map({ recent.utf8.lexicographicallyPrecedes($0.utf8) }) ?? true {
                next = takeRecent()
                if contains(recent) { goesOn = body(recent) }
            }
        }
        stored?.forEachKey(from: from) { key in
            visitRecent(before: key)
            guard goesOn else { return false }
            if let recent = next, recent.utf8.elementsEqual(key.utf8) {
                next = takeRecent()
                if contains(key) { goesOn = body(key) }
            } else if !isChanged(key, seen: recent.newer, recent.older) {
                goesOn = body(key)
            }
            return goesOn
        }
        visitRecent(before: nil)
    }

    /// Returns true if the walk must skip a stored key: it was removed, or it is among the changes that are walked.
    private final func isChanged(_ key: String, seen newer: Walk, _ older: Walk) -> Bool {
        unsafe KeyIndex.withBytes(of: key) { key in
            if let slot = unsafe rows.index.find(key) {
                switch rows.entries[slot] {
                case .removed: return true
                case .set: return unsafe newer.covers(key, in: rows) || older.covers(key, in: rotated)
                case .unknown, .read, .absent: break
                }
            }
            guard rotated.changeCount > 0, let slot = unsafe rotated.index.find(key) else { return false }
            switch rotated.entries[slot] {
            case .removed: return true
            case .set: return unsafe older.covers(key, in: rotated)
            case .unknown, .read, .absent: return false
            }
        }
    }

    /// The way through the rows that were set when it began.
    private struct Walk {
        private let slots: [Int]
        private var position: Int

        init(_ rows: inout Rows, _ from: UnsafeRawBufferPointer) {
            slots = rows.orderedSlots()
            position = unsafe rows.index.lowerBound(of: from, in: slots)
        }

        func key(in rows: Rows) -> String? { position < slots.count ? rows.index.key(at: slots[position]) : nil }

        mutating func take(in rows: Rows) -> String? {
            defer { position += 1 }
            return key(in: rows)
        }

        func covers(_ key: UnsafeRawBufferPointer, in rows: Rows) -> Bool {
            let found = unsafe rows.index.lowerBound(of: key, in: slots)
            let slot = unsafe rows.index.find(key)
            return found < slots.count && slots[found] == slot
        }
    }

    // MARK: Changing

    /// Sets the row at a slot; nil removes it.
    @usableFromInline final func set(_ row: consuming RowHost?, at slot: Int) {
        changeNumber += 1
        let isRecording = journal.isRecording
        if isRecording { journal.note(number) }
        rows.set(row.map(Rows.Entry.set) ?? .removed, at: slot, isRecording: isRecording)
    }

    final func undoLast() {
        changeNumber += 1
        rows.undoLast()
    }

    final func forgetUndo() { rows.forgetUndo() }

    /// The rows that were set or removed since the journal began to record, each once, as they were and as they are: nil
    /// where there was or is none. Of a table without a store.
    package final var recordedChanges: [(key: String, before: Value?, after: Value?)] {
        rows.replaced.map { slot, before in
            (rows.index.key(at: slot), Self.value(before), Self.value(rows.entries[slot]))
        }
    }

    private static func value(_ entry: Rows.Entry) -> Value? {
        switch entry {
        case .set(let row), .read(let row): .host(row, 0)
        case .unknown, .absent, .removed: nil
        }
    }

    // MARK: Writing behind

    /// The number of rows changed since the last rotation.
    package final var changedCount: Int { rows.changeCount }

    /// Sets the changes aside to be written; they stay readable until `discardRotated`.
    package final func rotate() -> TableChanges {
        rotated = rows
        rows = Rows(since: rotated.mark)
        slotGeneration += 1
        let taken = UncheckedRows(rows: rotated)
        return TableChanges(
            table: name, count: rotated.changeCount, encoded: { taken.rows.sortedChanges() },
            pasts: { taken.rows.pastRows() })
    }

    /// Keeps rows that change from now on as they are now, at a snapshot mark, until they are written.
    final func keepRows(since mark: UInt64) { rows.keep(since: mark) }

    /// Drops what was set aside: the store has it now.
    package final func discardRotated() { rotated = Rows() }

    /// Forgets every change: the store and the log are the truth.
    package final func reset() {
        changeNumber += 1
        slotGeneration += 1
        rows = Rows(since: rows.mark)
        rotated = Rows()
    }
}

/// Rows that are set aside are never changed again, so the writer's thread may read them.
private struct UncheckedRows: @unchecked Sendable {
    let rows: Rows
}
