import AgentKit
import EventLog
import JSON
import LMDB
import Rules

/// A machine at the head of the log: from the views, and from the entries behind them, each of which must be what the
/// newest checkpoint signs. Where much is behind them, as when they are made again, they are written as it goes.
struct Recovery {
    let machine: Machine
    private(set) var snapshots: SnapshotMarks
    /// The changes that could not be written to the views.
    private(set) var unwritten: ViewChanges?
    /// The number of entries folded.
    private var position: UInt64

    /// - Parameter flushesAt: the number of changed rows at which views are written.
    init(
        _ initial: DataDirectory.Initial, _ log: EventLog, _ views: ViewStore, _ snapshots: SnapshotMarks,
        flushesAt: Int
    ) throws {
        self.snapshots = snapshots
        machine = Machine(
            settings: initial.settings, history: CommittedHistory(log), store: views, index: views,
            chain: log.nextChain)
        position = views.position
        guard log.size > 0 else {
            machine.adopt(try RuleSet.load(files: initial.ruleFiles, host: machine.ruleHost))
            return
        }
        guard position <= log.size else {
            throw DataDirectoryError(
                "the views are ahead of the log (\(position) > \(log.size)): remove `views/` and start again")
        }
        if position > 0 { try machine.restore(at: EntrySequence(position - 1)) }
        self.snapshots.restore(views.newestMark, machine.tables)
        try fold(log, views, flushesAt)
        try machine.state.ruleSets.loadUpcoming()
    }

    private mutating func fold(_ log: EventLog, _ views: ViewStore, _ flushesAt: Int) throws {
        var failure: (any Error)?
        unsafe try log.scanSigned(from: position) { sequence, bytes in
            do {
                let entry = try unsafe Document(canonical: bytes)
                if entry.root["agent"] == nil, entry.root["source"]?.isString("/engine") != true {
                    try look(at: log, views, flushesAt)
                }
                try machine.replay(entry)
                position = sequence + 1
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
    }

    /// Between two cascades: notes a snapshot, and writes the changes, where it is time for that.
    private mutating func look(at log: EventLog, _ views: ViewStore, _ flushesAt: Int) throws {
        let isFull = unwritten == nil && machine.tables.changedCount + machine.state.admitted.count >= flushesAt
        let isDue = snapshots.isDue(at: position)
        guard position > 0, isFull || isDue, let last = try log.entry(position - 1) else { return }
        let mark = ViewMark(position: position, head: EntryChain.hashText(of: last))
        if isDue { snapshots.begin(mark, machine.tables) }
        guard isFull else { return }
        let changes = ViewChanges(
            tables: machine.tables.tables.map { $0.rotate() }, admitted: machine.state.admitted.rotate(), mark: mark,
            snapshots: snapshots.take())
        do throws(LMDBError) {
            try views.write(changes, of: log)
            try views.renew()
        } catch {
            unwritten = changes
            return
        }
        for table in machine.tables.tables { table.discardRotated() }
        machine.state.admitted.discardRotated()
    }
}
