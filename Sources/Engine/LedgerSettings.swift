/// What is fixed for a ledger's life at `init`.
package struct LedgerSettings: Sendable, Hashable {
    /// Where ledger time comes from.
    package enum Clock: String, Sendable, CaseIterable {
        case system
        /// The latest `time` that an event carried.
        case events
    }

    package let origin: String
    package let verifierKey: String
    package let clock: Clock

    package init(origin: String, verifierKey: String, clock: Clock) {
        self.origin = origin
        self.verifierKey = verifierKey
        self.clock = clock
    }
}
