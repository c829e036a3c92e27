import Engine
import EventLog
import JSON

/// The projections as they were: the log folded from its start, in memory of its own, up to a moment.
struct PastLedger {
    private let machine: Machine

    /// - Throws: what the log says, or a rule set error where the log's rules cannot be loaded.
    init(_ log: EventLog, settings: LedgerSettings, until moment: Moment) throws {
        try log.refresh()
        let machine = Machine(settings: settings, history: CommittedHistory(log), chain: log.nextChain)
        var failure: (any Error)?
        var newest: UInt64?
        unsafe try log.scan(from: 0) { sequence, bytes in
            do {
                let entry = try unsafe Document(canonical: bytes)
                let time = entry.root["recordedtime"]?.string ?? ""
                guard !moment.isBefore(sequence: sequence, recordedTime: time) else { return false }
                try machine.replay(entry)
                newest = sequence
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        self.machine = machine
        self.newest = newest
    }

    /// The sequence of the last entry that was folded.
    let newest: UInt64?

    func hasProjection(_ name: String) -> Bool { machine.hasProjection(name) }

    func record(_ projection: String, _ key: String) -> [UInt8]? { machine.record(projection, key) }
}
