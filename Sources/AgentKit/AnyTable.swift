package import CEL

/// What the engine needs to know of a table without its row type.
@usableFromInline package class AnyTable {
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
