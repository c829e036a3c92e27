/// The undo list of one set of tables. While it is recording, each change notes what it replaced, so that an open
/// cascade is taken back in time proportional to what it changed.
package final class Journal {
    /// A place to which changes can be taken back.
    package struct Mark {
        let depth: Int
        let wasRecording: Bool
    }

    var changes: [UInt16] = []
    package private(set) var isRecording = false
    private var tables: [AnyTable] = []

    package init() {}

    /// The number of the table that is added next.
    var nextNumber: UInt16 { UInt16(tables.count) }

    func add(_ table: AnyTable) { tables.append(table) }

    func note(_ table: UInt16) { changes.append(table) }

    /// Starts recording where nothing was recorded yet, and names the present.
    package func mark() -> Mark {
        defer { isRecording = true }
        return Mark(depth: changes.count, wasRecording: isRecording)
    }

    /// Takes back every change since the mark. Marks nest; the outermost ends the recording.
    package func undo(to mark: Mark) {
        while changes.count > mark.depth { tables[Int(changes.removeLast())].undoLast() }
        isRecording = mark.wasRecording
    }

    /// Forgets how to take anything back.
    package func keep() {
        isRecording = false
        guard !changes.isEmpty else { return }
        var forgotten: UInt64 = 0
        for number in changes {
            let bit: UInt64 = number < 64 ? 1 << UInt64(number) : 0
            if forgotten & bit != 0 { continue }
            forgotten |= bit
            tables[Int(number)].forgetUndo()
        }
        changes.removeAll(keepingCapacity: true)
    }
}
