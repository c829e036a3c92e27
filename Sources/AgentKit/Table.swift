package import CEL

/// What the engine needs to know of a table without its row type.
package class AnyTable {
    /// The name of the table, which is also its name in rules.
    package let name: String
    /// Whether rules and clients may read it.
    package let isProjection: Bool
    /// The record types of its rows.
    package let recordTypes: [RecordType]
    /// The CEL type of the whole: a map from key to record.
    package let celType: CELType

    init(name: String, isProjection: Bool, recordTypes: [RecordType], celType: CELType) {
        self.name = name
        self.isProjection = isProjection
        self.recordTypes = recordTypes
        self.celType = celType
    }

    /// The number of rows changed since the last freeze.
    package var changedCount: Int { 0 }
    /// The row as rules see it.
    package func value(_ key: String) -> Value? { nil }
    /// The row in its stored form.
    package func encoded(_ key: String) -> [UInt8]? { nil }
    /// Every key in byte order, from the first one not before `from`, until `body` says false.
    package func forEachKey(from: String = "", _ body: (String) -> Bool) {}
    /// Sets the changes aside to be written; they stay readable until `thaw`.
    package func freeze() -> TableChanges { TableChanges(table: name, count: 0, encoded: { [] }) }
    /// Drops what was set aside: the store has it now.
    package func thaw() {}
    /// Forgets every change: the store and the log are the truth.
    package func reset() {}
    func undoLast() {}
    func forgetUndo() {}
}

/// The rows of one projection by key: changes in memory over what the store holds.
package final class Table<R: Row>: AnyTable {
    private enum Change {
        case set(R)
        case removed

        var row: R? {
            switch self {
            case .set(let row): row
            case .removed: nil
            }
        }
    }

    private var changed: [String: Change] = [:]
    private var frozen: [String: Change] = [:]
    private var undo: [(key: String, before: Change?)] = []
    private let journal: Journal
    private let store: (any TableStore)?
    private var index: UInt16 = 0

    init(name: String, isProjection: Bool, journal: Journal, store: (any TableStore)?) {
        self.journal = journal
        self.store = store
        super.init(
            name: name, isProjection: isProjection, recordTypes: R.recordTypes, celType: .map(.string, R.celType))
        index = journal.add(self)
    }

    /// The row at `key`; setting nil removes it.
    package subscript(key: String) -> R? {
        get {
            if let change = changed[key] { return change.row }
            if !frozen.isEmpty, let change = frozen[key] { return change.row }
            return stored(key)
        }
        set { record(key, newValue.map(Change.set) ?? .removed) }
    }

    /// Changes the row at `key` where there is one.
    @discardableResult
    package func update(_ key: String, _ body: (inout R) -> Void) -> Bool {
        guard var row = self[key] else { return false }
        body(&row)
        record(key, .set(row))
        return true
    }

    /// Changes the row at `key`, starting from an empty one where there is none.
    package func upsert(_ key: String, _ body: (inout R) -> Void) {
        var row = self[key] ?? R()
        body(&row)
        record(key, .set(row))
    }

    package func contains(_ key: String) -> Bool { self[key] != nil }

    private func record(_ key: String, _ change: Change) {
        if journal.isRecording {
            undo.append((key, changed.updateValue(change, forKey: key)))
            journal.note(index)
        } else {
            changed[key] = change
        }
    }

    private func stored(_ key: String) -> R? {
        guard let store, let bytes = store.row(name, key) else { return nil }
        var reader = RowReader(bytes)
        return try? R.decode(from: &reader)
    }

    override package var changedCount: Int { changed.count }
    override package func value(_ key: String) -> Value? { self[key]?.celValue }

    override package func encoded(_ key: String) -> [UInt8]? {
        guard let row = self[key] else { return nil }
        var writer = RowWriter()
        row.encode(into: &writer)
        return writer.bytes
    }

    override package func forEachKey(from: String = "", _ body: (String) -> Bool) {
        var recent = Set(changed.keys)
        recent.formUnion(frozen.keys)
        var pending = recent.filter { !$0.utf8.lexicographicallyPrecedes(from.utf8) }
            .sorted { $1.utf8.lexicographicallyPrecedes($0.utf8) }
        var goesOn = true
        func visitRecent(before key: String?) {
            while goesOn, let next = pending.last, key.map({ next.utf8.lexicographicallyPrecedes($0.utf8) }) ?? true {
                pending.removeLast()
                if self[next] != nil { goesOn = body(next) }
            }
        }
        store?.keys(name, from: from) { key in
            visitRecent(before: key)
            if goesOn, !recent.contains(key) { goesOn = body(key) }
            return goesOn
        }
        visitRecent(before: nil)
    }

    override package func freeze() -> TableChanges {
        frozen = changed
        changed = [:]
        let taken = frozen
        return TableChanges(table: name, count: taken.count) {
            taken.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { key, change in
                guard let row = change.row else { return (key, nil) }
                var writer = RowWriter()
                row.encode(into: &writer)
                return (key, writer.bytes)
            }
        }
    }

    override package func thaw() { frozen = [:] }

    override package func reset() {
        changed = [:]
        frozen = [:]
        undo = []
    }

    override func undoLast() {
        let (key, before) = undo.removeLast()
        if let before { changed[key] = before } else { changed.removeValue(forKey: key) }
    }

    override func forgetUndo() { undo.removeAll(keepingCapacity: true) }
}
