import AgentKit
import Engine
import EventLog
package import JSON

extension EventLog {
    /// An entry, indexed; nil where the log is not that long.
    package func document(_ sequence: UInt64) throws(ReplayError) -> Document? {
        guard let bytes = try reading({ () throws(EventLogError) in try entry(sequence) }) else { return nil }
        do throws(JSONError) {
            return try Document(adopting: bytes)
        } catch {
            throw ReplayError(.damaged, sequence: sequence, "cannot be read: \(error)")
        }
    }

    /// When the newest entry was recorded; nil in an empty log.
    var newestTime: Instant? {
        get throws(ReplayError) { size == 0 ? nil : try document(size - 1)?.root.instant("recordedtime") }
    }

    /// The number of entries up to and with a moment. `recordedtime` never goes back, so a time is found by halving.
    func position(after moment: Moment) throws(ReplayError) -> UInt64 {
        let size = size
        switch moment {
        case .sequence(let sequence):
            guard sequence < size else {
                throw ReplayError(.outOfRange, sequence: sequence, "is not in the log, which has \(size) entries")
            }
            return sequence + 1
        case .time:
            var low: UInt64 = 0
            var high = size
            while low < high {
                let middle = low + (high - low) / 2
                let time = try document(middle)?.root["recordedtime"]?.string ?? ""
                if moment.isBefore(sequence: middle, recordedTime: time) { high = middle } else { low = middle + 1 }
            }
            guard low > 0 else { throw ReplayError(.outOfRange, "the ledger begins after that time") }
            return low
        }
    }
}
