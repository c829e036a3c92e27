package import EventLog

/// What became of a request, given once it is durable.
package struct AppendAnswer: Sendable {
    package enum Outcome: Sendable {
        /// The event and what was decided: entries of `chain` from `first` on.
        case appended(first: Int, count: Int)
        /// As it would be: the bytes of the event's entry and of its decisions.
        case tentative([[UInt8]])
        /// The bytes of the event's entry and of its decisions; not new where the log held it already.
        case recorded(sequence: UInt64, [[UInt8]], isNew: Bool)
        case refused(Problem)
    }

    /// In the order of the request's events.
    package let outcomes: [Outcome]
    /// The entries of the commit.
    package let chain: EntryChain
    /// The signed note that covers the commit; nil where nothing was appended.
    package let checkpoint: String?

    /// Whether any event was refused.
    package var hasRefusals: Bool {
        outcomes.contains { if case .refused = $0 { true } else { false } }
    }
}
