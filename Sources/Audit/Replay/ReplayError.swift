import EventLog
import Rules

/// Why the history of a log cannot be told.
package struct ReplayError: Error, Sendable {
    package enum Code: Sendable, Equatable {
        /// The log has no entry yet.
        case empty
        /// There is no such entry, or no entry of that time yet.
        case outOfRange
        /// The replay stands behind that moment already.
        case past
        /// An entry cannot be read, or does not say what it must.
        case damaged
        /// A rule set that the log holds cannot be loaded.
        case ruleSet
        case storage
        /// Nobody waits for it any more.
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

/// Runs a reading call of the log with its errors as those of a replay.
func reading<R>(_ body: () throws(EventLogError) -> R) throws(ReplayError) -> R {
    do throws(EventLogError) { return try body() } catch { throw ReplayError(error) }
}
