import AgentKit

/// A place in a ledger's history, as people name it: a sequence, or an RFC 3339 time.
package enum Moment: Hashable, Sendable {
    /// After the entry of that sequence.
    case sequence(UInt64)
    /// After every entry recorded by then; the text is written like `recordedtime`, and compares with it byte by byte.
    case time(String)

    /// Nil for anything else.
    package init?(_ text: String) {
        if let first = text.utf8.first, text.utf8.count <= 16, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            guard first != 0x30 || text.utf8.count == 1, let value = UInt64(text) else { return nil }
            self = .sequence(value)
        } else {
            guard let instant = Instant(rfc3339: text) else { return nil }
            self = .time(instant.text)
        }
    }

    /// Whether an entry comes after this moment.
    package func isBefore(sequence: UInt64, recordedTime: String) -> Bool {
        switch self {
        case .sequence(let last): sequence > last
        case .time(let last): last.utf8.lexicographicallyPrecedes(recordedTime.utf8)
        }
    }
}
