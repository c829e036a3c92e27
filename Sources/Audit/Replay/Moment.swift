import AgentKit
import Engine

/// A place in a ledger's history, as people name it: a sequence, or an RFC 3339 time.
package enum Moment: Hashable, Sendable {
    /// After the entry of that sequence.
    case sequence(UInt64)
    /// After every entry recorded by then; the text is written like `recordedtime`, and compares with it byte by byte.
    case time(String)

    /// Nil for anything else.
    package init?(_ text: String) {
        if let sequence = EntrySequence(decimal: text) {
            self = .sequence(sequence.value)
        } else {
            guard let instant = Instant(rfc3339: text) else { return nil }
            self = .time(instant.text)
        }
    }

    /// Returns true if an entry comes after this moment.
    package func isBefore(sequence: UInt64, recordedTime: String) -> Bool {
        switch self {
        case .sequence(let last): sequence > last
        case .time(let last): last.utf8.lexicographicallyPrecedes(recordedTime.utf8)
        }
    }
}
