import AgentKit
import Engine
import EventLog
package import JSON
import Rules

extension EventLog {
    /// The entry with a sequence, parsed; nil beyond the end of the log.
    package func document(_ sequence: UInt64) throws(ReplayError) -> Document? {
        guard let bytes = try reading({ () throws(EventLogError) in try entry(sequence) }) else { return nil }
        do throws(JSONError) {
            return try Document(adopting: bytes)
        } catch {
            throw ReplayError(.damaged, sequence: sequence, "cannot be read: \(error)")
        }
    }

    /// The recorded time of the newest entry; nil in an empty log.
    var newestTime: Instant? {
        get throws(ReplayError) { size == 0 ? nil : try document(size - 1)?.root.instant("recordedtime") }
    }

    /// The number of entries up to and including a moment. `recordedtime` never decreases, so a time is found by binary
    /// search.
    /// - Throws: `ReplayError` with code `outOfRange` if the log does not reach the moment, `damaged` or `storage` if
    ///   an entry cannot be read.
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

/// The reason why a log's history cannot be told.
package struct ReplayError: Error, Sendable {
    package enum Code: Sendable, Equatable {
        /// The log has no entry yet.
        case empty
        /// There is no such entry, or no entry that early.
        case outOfRange
        /// The replay is already past that moment.
        case past
        /// An entry cannot be parsed, or lacks a required member.
        case damaged
        /// A rule set that the log holds cannot be loaded.
        case ruleSet
        /// Rules were asked for that are not there, or that cannot be loaded.
        case unknownRules
        case storage
        /// The caller no longer waits for the result.
        case abandoned
    }

    package let code: Code
    package let sequence: UInt64?
    package let message: String

    init(_ code: Code, sequence: UInt64? = nil, _ message: String) {
        self.code = code
        self.sequence = sequence
        self.message = message
    }

    init(_ error: EventLogError) { self.init(.storage, "\(error)") }

    init(_ error: RuleSetError, at sequence: UInt64) {
        guard error.diagnostics.contains(where: { !$0.file.isEmpty }) else {
            self.init(.ruleSet, "\(error)")
            return
        }
        self.init(.ruleSet, sequence: sequence, "the rule set put in force here cannot be loaded: \(error)")
    }
}

extension ReplayError: CustomStringConvertible {
    package var description: String {
        sequence.map { "entry \($0)" + (code == .outOfRange ? " " : ": ") + message } ?? message
    }
}

/// Runs a read of the log, with its errors turned into those of a replay.
@discardableResult
func reading<R>(_ body: () throws(EventLogError) -> R) throws(ReplayError) -> R {
    do throws(EventLogError) { return try body() } catch { throw ReplayError(error) }
}
