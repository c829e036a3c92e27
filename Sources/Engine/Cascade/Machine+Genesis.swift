package import AgentKit
import JSON
package import Rules

extension Machine {
    /// Appends the first entries: what ledger this is, the files of its rule set, and its activation.
    package func begin(with ruleSet: RuleSet, at time: Instant) {
        adopt(ruleSet)
        appendLedgerEntry(
            LedgerCreatedData(
                clock: settings.clock.rawValue, format: 1, origin: settings.origin, verifierKey: settings.verifierKey),
            subject: nil, by: Self.genesisAuthority, at: time)
        activate(ruleSet, at: time, by: Self.genesisAuthority, effectiveFrom: nil)
    }

    /// Who appended the first entries.
    static let genesisAuthority = "ledger"

    /// Appends a trigger of the ledger itself: of its genesis, or of a change of its rules.
    func appendLedgerEntry<D: EventData>(_ data: D, subject: String?, by authority: String, at time: Instant) {
        guard let type = ruleSet?.eventType(named: D.type) else { preconditionFailure("no type `\(D.type)`") }
        let start = mark()
        let sequence = next
        unsafe data.bytes.withUnsafeBytes { data in
            unsafe composer.trigger(
                type: D.type, subject: subject, data: data, authority: authority, source: "/engine", cause: nil,
                at: sequence, time: time, after: chain)
        }
        appendComposed(type: type, depth: 0, time: time)
        if let subject { state.subjects[subject] = SubjectRow(last: sequence) }
        let head = CascadeHead(recordedTime: time, correlation: .trigger(sequence), traceParent: nil, subject: subject)
        _ = runCascade(from: start, head: head)
    }
}
