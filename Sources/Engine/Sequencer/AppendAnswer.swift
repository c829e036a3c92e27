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
    package var hasRefusals: Bool { outcomes.contains(where: \.isRefused) }
}

extension AppendAnswer.Outcome {
    var isRefused: Bool { if case .refused = self { true } else { false } }

    /// The persons whose erasure it says is done.
    /// - Parameter chain: the entries of the commit.
    fileprivate func erased(in chain: EntryChain) -> [String] {
        switch self {
        case .appended(let first, let count):
            (first..<first + count).compactMap { index in
                unsafe chain.withEntry(index) { unsafe PersonErasure.person(in: $0) }
            }
        case .recorded(_, let entries, _):
            entries.compactMap { entry in unsafe entry.withUnsafeBytes { unsafe PersonErasure.person(in: $0) } }
        case .tentative, .refused: []
        }
    }
}

extension [AppendAnswer.Outcome] {
    /// The same, but that no erasure is said to be completed of a person whose key is not destroyed yet.
    func withoutClaims(of unfinished: [String], in chain: EntryChain) -> [AppendAnswer.Outcome] {
        if unfinished.isEmpty { return self }
        return map { outcome in
            let isClaimed = outcome.erased(in: chain).contains { person in
                unfinished.contains { $0.utf8.elementsEqual(person.utf8) }
            }
            return isClaimed ? .refused(PersonErasure.unfinished) : outcome
        }
    }
}
