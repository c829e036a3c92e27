import AgentKit
import EventLog

/// The places in the log at which every row is kept as it was, so that who asks about the past folds few entries.
package struct SnapshotMarks {
    /// Entries between two of them, at least: they are folded in a tenth of a second, and a row that changes all the time
    /// is kept once in as many.
    package static let entriesBetween: UInt64 = 16_384

    private let entriesBetween: UInt64
    /// The newest one; 0 before the first.
    private var newest: UInt64 = 0
    /// Those that the views do not know yet.
    private var unwritten: [ViewMark] = []

    init(every entriesBetween: UInt64) { self.entriesBetween = entriesBetween }

    /// Goes on behind the newest one that the views know.
    mutating func restore(_ newest: UInt64, _ tables: TableSet) {
        self.newest = newest
        unwritten = []
        tables.keepRows(since: newest)
    }

    func isDue(at position: UInt64) -> Bool {
        position >= newest && position - newest >= entriesBetween
    }

    /// Notes one where enough entries were taken from the machine since the last; nothing before may be undone.
    mutating func look(at machine: Machine) {
        guard isDue(at: machine.chain.base) else { return }
        begin(ViewMark(position: machine.chain.base, head: machine.chain.headText), machine.tables)
    }

    mutating func begin(_ mark: ViewMark, _ tables: TableSet) {
        newest = mark.position
        unwritten.append(mark)
        tables.keepRows(since: newest)
    }

    /// Hands over those that the views do not know.
    mutating func take() -> [ViewMark] {
        defer { unwritten = [] }
        return unwritten
    }
}
