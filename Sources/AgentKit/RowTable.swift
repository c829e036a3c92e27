import CEL

/// The hot half of a table: rows by key or place, changes noted in the journal. It asks nothing of the rows, so that
/// other modules specialise it for theirs.
@usableFromInline package class RowTable<R>: AnyTable {
    @usableFromInline package final var rows = Rows<R>()
    @usableFromInline package final let journal: Journal
    @usableFromInline package final var number: UInt16 = 0

    /// What a row is before anything is known of it.
    @usableFromInline package final let empty: R

    init(
        name: String, isProjection: Bool, empty: R, recordTypes: [RecordType], celType: CELType, journal: Journal
    ) {
        self.journal = journal
        self.empty = empty
        super.init(name: name, isProjection: isProjection, recordTypes: recordTypes, celType: celType)
        number = journal.add(self)
    }

    /// The row at `key`; setting nil removes it.
    @inlinable package final subscript(key: String) -> R? {
        get { unsafe KeyIndex.withBytes(of: key) { unsafe row($0) } }
        set { unsafe KeyIndex.withBytes(of: key) { unsafe set(newValue, at: place($0)) } }
    }

    /// Changes the row at `key` where there is one.
    @inlinable @discardableResult
    package final func update(_ key: String, _ body: (inout R) -> Void) -> Bool {
        unsafe KeyIndex.withBytes(of: key) { bytes in
            guard var row = unsafe row(bytes) else { return false }
            body(&row)
            unsafe set(row, at: place(bytes))
            return true
        }
    }

    /// Changes the row at `key`, starting from an empty one where there is none.
    @inlinable package final func upsert(_ key: String, _ body: (inout R) -> Void) {
        unsafe KeyIndex.withBytes(of: key) { bytes in
            let place = unsafe place(bytes)
            var row = unsafe row(at: place, bytes) ?? empty
            body(&row)
            set(row, at: place)
        }
    }

    @inlinable package final func contains(_ key: String) -> Bool { self[key] != nil }

    /// The row of a key given as UTF-8.
    @inlinable package final func row(_ key: UnsafeRawBufferPointer) -> R? {
        guard let place = unsafe rows.index.find(key) else { return unsafe older(key) }
        return unsafe row(at: place, key)
    }

    /// The place of a key given as UTF-8; it is good until the next freeze.
    @inlinable package final func place(_ key: UnsafeRawBufferPointer) -> Int { unsafe rows.place(key) }

    /// The row at a place, whose key this is.
    @inlinable package final func row(at place: Int, _ key: UnsafeRawBufferPointer) -> R? {
        switch rows.entries[place] {
        case .set(let row), .read(let row): row
        case .removed, .absent: nil
        case .unknown: unsafe older(key)
        }
    }

    /// Sets the row at a place; nil removes it.
    @inlinable package final func set(_ row: R?, at place: Int) {
        let isRecording = journal.isRecording
        if isRecording { journal.note(number) }
        rows.set(row.map(Rows.Entry.set) ?? .removed, at: place, isRecording: isRecording)
    }

    /// What is older than the changes.
    @usableFromInline package func older(_ key: UnsafeRawBufferPointer) -> R? { nil }

    override func undoLast() { rows.undoLast() }
    override func forgetUndo() { rows.undo.removeAll(keepingCapacity: true) }
}
