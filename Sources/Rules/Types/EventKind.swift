/// Who may append an event type and what becomes of it.
package enum EventKind: String, Sendable, CaseIterable {
    /// From outside, folded as it is.
    case fact
    /// From outside, only rules act on it.
    case trigger
    /// Only rules emit it.
    case decision
    /// Only the engine appends it.
    case engine

    /// Whether producers may send it.
    package var isFromOutside: Bool { self == .fact || self == .trigger }
}
