/// All tables of one ledger, with the one undo list they share.
package final class TableSet {
    package let journal = Journal()
    /// Set by the engine before rules run.
    package let context = RuleContext()
    package private(set) var tables: [AnyTable] = []
    private let store: (any TableStore)?

    /// Without a store everything stays in memory.
    package init(store: (any TableStore)? = nil) { self.store = store }

    /// Adds a table under a name that no other has, as the store keeps its rows under it; a projection can be read by
    /// rules and clients under it too.
    package func table<R: Row>(_ name: String, of row: R.Type = R.self, isProjection: Bool = true) -> Table<R> {
        precondition(named(name) == nil, "two tables of one name")
        let table = Table<R>(name: name, isProjection: isProjection, journal: journal, stored: store?.rows(of: name))
        tables.append(table)
        return table
    }

    package func named(_ name: String) -> AnyTable? { tables.first { $0.name == name } }

    /// The number of rows changed since the last rotation.
    package var changedCount: Int { tables.reduce(0) { $0 + $1.changedCount } }

    /// Begins a snapshot: each row that changes from now on is kept as it is now. Nothing before may be undone.
    /// - Parameter mark: the number of entries folded, more than 0.
    package func keepRows(since mark: UInt64) { for table in tables { table.keepRows(since: mark) } }
}

/// The undo list of one set of tables. While it is recording, each change notes what it replaced, so that an open
/// cascade is undone in time proportional to what it changed.
package final class Journal {
    /// A savepoint: a point to which changes can be undone.
    package struct Mark {
        let depth: Int
        let wasRecording: Bool
    }

    var changes: [UInt16] = []
    package private(set) var isRecording = false
    /// They hold the journal, so it does not hold them: what nobody reads any more goes with all its rows.
    private struct Noted {
        unowned let table: AnyTable
    }

    private var tables: [Noted] = []

    package init() {}

    /// The number of the table that is added next.
    var nextNumber: UInt16 { UInt16(tables.count) }

    func add(_ table: AnyTable) { tables.append(Noted(table: table)) }

    func note(_ table: UInt16) { changes.append(table) }

    /// Sets a savepoint; starts recording where nothing was recorded yet.
    package func mark() -> Mark {
        defer { isRecording = true }
        return Mark(depth: changes.count, wasRecording: isRecording)
    }

    /// Undoes every change since the mark. Marks nest; the outermost ends the recording.
    package func undo(to mark: Mark) {
        while changes.count > mark.depth { tables[Int(changes.removeLast())].table.undoLast() }
        isRecording = mark.wasRecording
    }

    /// Commits the changes: forgets how to undo them.
    package func commit() {
        isRecording = false
        guard !changes.isEmpty else { return }
        var forgotten: UInt64 = 0
        for number in changes {
            let bit: UInt64 = number < 64 ? 1 << UInt64(number) : 0
            if forgotten & bit != 0 { continue }
            forgotten |= bit
            tables[Int(number)].table.forgetUndo()
        }
        changes.removeAll(keepingCapacity: true)
    }
}

/// The store beneath tables: it holds the rows that are not in memory, and changes are written behind to it.
package protocol TableStore: AnyObject {
    /// The stored rows of one table.
    func rows(of table: String) -> any StoredRows
}

/// The stored rows of one table.
package protocol StoredRows: AnyObject {
    /// The stored bytes of one row, whose key is given as UTF-8.
    func row(_ key: UnsafeRawBufferPointer) -> [UInt8]?
    /// Visits stored keys in byte order from the first one not before `from`, until `body` says false.
    func forEachKey(from: String, _ body: (String) -> Bool)
}

/// The changes of one table since it was last written, for the writer behind. Nil bytes delete a row.
package struct TableChanges: Sendable {
    package let table: String
    package let count: Int
    /// Encodes the changes in key order; called on the writer's own thread.
    package let encoded: @Sendable () -> [(key: String, value: [UInt8]?)]
    /// Encodes the rows as they were at snapshot marks before they changed, older marks first; called there too.
    package let pasts: @Sendable () -> [PastRow]
}
