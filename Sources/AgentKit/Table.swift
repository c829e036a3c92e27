import CEL

/// The rows of one projection by key: changes in memory over what the store holds.
package final class Table<R: Row>: RowTable<R> {
    private var frozen = Rows<R>()
    private let store: (any TableStore)?

    /// Rows remembered after they were only looked for, until the next freeze.
    private static var readRowsMax: Int { 262_144 }

    init(name: String, isProjection: Bool, journal: Journal, store: (any TableStore)?) {
        self.store = store
        super.init(
            name: name, isProjection: isProjection, empty: R(), recordTypes: R.recordTypes,
            celType: .map(.string, R.celType), journal: journal)
    }

    /// What was set aside, or what the store has.
    override package func older(_ key: UnsafeRawBufferPointer) -> R? {
        if frozen.changeCount > 0, let place = unsafe frozen.index.find(key) {
            switch frozen.entries[place] {
            case .set(let row):
                unsafe remember(.read(row), key)
                return row
            case .removed: return nil
            case .unknown, .read, .absent: break
            }
        }
        guard let store, let bytes = unsafe store.row(name, String(decoding: key, as: UTF8.self)) else {
            unsafe remember(.absent, key)
            return nil
        }
        var reader = RowReader(bytes)
        guard let row = try? R.decode(from: &reader) else { return nil }
        unsafe remember(.read(row), key)
        return row
    }

    private func remember(_ entry: Rows<R>.Entry, _ key: UnsafeRawBufferPointer) {
        guard rows.readCount < Self.readRowsMax else { return }
        let place = unsafe rows.place(key)
        if case .unknown = rows.entries[place] {
            rows.entries[place] = entry
            rows.readCount += 1
        }
    }

    override package var changedCount: Int { rows.changeCount }
    override package func value(_ key: String) -> Value? { self[key]?.celValue }

    override package func encoded(_ key: String) -> [UInt8]? {
        guard let row = self[key] else { return nil }
        var writer = RowWriter()
        row.encode(into: &writer)
        return writer.bytes
    }

    override package func forEachKey(from: String = "", _ body: (String) -> Bool) {
        let recent = Set(rows.changedKeys() + frozen.changedKeys())
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
        frozen = rows
        rows = Rows()
        let taken = UncheckedRows(rows: frozen)
        return TableChanges(table: name, count: frozen.changeCount) {
            taken.rows.sortedChanges().map { key, row in
                guard let row else { return (key, nil) }
                var writer = RowWriter()
                row.encode(into: &writer)
                return (key, writer.bytes)
            }
        }
    }

    override package func thaw() { frozen = Rows() }

    override package func reset() {
        rows = Rows()
        frozen = Rows()
    }

}

/// Rows that are set aside are never changed again, so the writer's thread may read them.
private struct UncheckedRows<R: Row>: @unchecked Sendable {
    let rows: Rows<R>
}
