/// A table whose rows are of a known type: what agents work with, specialised in their modules.
///
/// It asks nothing of the type, so that other modules can specialise it for theirs.
@usableFromInline package final class Table<R>: AnyTable {
    /// The initial row, before anything is known of it.
    @usableFromInline let empty: R
    @usableFromInline let shape: RowShape

    init(name: String, isProjection: Bool, journal: Journal, stored: (any StoredRows)?) where R: Row {
        empty = R()
        shape = R.fields
        super.init(name: name, of: R.self, isProjection: isProjection, journal: journal, stored: stored)
    }

    /// The row at `key`; setting nil removes it.
    @inlinable package subscript(key: String) -> R? {
        get { unsafe KeyIndex.withBytes(of: key) { unsafe row($0) } }
        set { unsafe KeyIndex.withBytes(of: key) { unsafe set(newValue, at: slot($0)) } }
    }

    /// Changes the row at `key` where there is one.
    @inlinable @discardableResult
    package func update(_ key: String, _ body: (inout R) -> Void) -> Bool {
        unsafe KeyIndex.withBytes(of: key) { bytes in
            let slot = unsafe slot(bytes)
            guard var row = unsafe row(at: slot, bytes) else { return false }
            body(&row)
            set(row, at: slot)
            return true
        }
    }

    /// Changes the row at `key`, starting from an empty one where there is none.
    @inlinable package func upsert(_ key: String, _ body: (inout R) -> Void) {
        unsafe KeyIndex.withBytes(of: key) { bytes in
            let slot = unsafe slot(bytes)
            var row = unsafe row(at: slot, bytes) ?? empty
            body(&row)
            set(row, at: slot)
        }
    }

    /// The row of a key given as UTF-8.
    @inlinable package func row(_ key: UnsafeRawBufferPointer) -> R? {
        guard let host = unsafe host(key) else { return nil }
        return row(host)
    }

    /// The row at a slot, whose key this is.
    @inlinable package func row(at slot: Int, _ key: UnsafeRawBufferPointer) -> R? {
        guard let host = unsafe host(at: slot, key) else { return nil }
        return row(host)
    }

    /// Sets the row at a slot; nil removes it.
    @inlinable package func set(_ row: consuming R?, at slot: Int) {
        set(row.map { RowBox($0, shape) }, at: slot)
    }

    /// Every row of this table is of its type.
    @inlinable func row(_ host: RowHost) -> R { unsafe unsafeDowncast(host, to: RowBox<R>.self).row }
}
