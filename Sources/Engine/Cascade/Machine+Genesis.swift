package import AgentKit
import JSON
package import Rules

extension Machine {
    /// Appends the first entries: what ledger this is, the files of its rule set, and its activation.
    package func begin(with ruleSet: RuleSet, at time: Instant) {
        adopt(ruleSet)
        appendLedgerEntry("ledger.created", subject: nil, by: Self.genesisAuthority, at: time) { writer in
            writer.key("clock")
            writer.string(settings.clock.rawValue)
            writer.key("format")
            writer.int(1)
            writer.key("origin")
            writer.string(settings.origin)
            writer.key("verifierKey")
            writer.string(settings.verifierKey)
        }
        activate(ruleSet, at: time, by: Self.genesisAuthority, effectiveFrom: nil)
    }

    /// Who appended the first entries.
    static let genesisAuthority = "ledger"

    /// Appends a trigger of the ledger itself: of its genesis, or of a change of its rules.
    func appendLedgerEntry(
        _ name: String, subject: String?, by authority: String, at time: Instant,
        _ body: (inout CanonicalWriter) -> Void
    ) {
        guard let type = ruleSet?.eventType(named: name) else { preconditionFailure("no type `\(name)`") }
        let start = mark()
        let sequence = next
        var data = CanonicalWriter(capacity: 1024)
        data.beginObject()
        body(&data)
        data.endObject()
        unsafe data.withBytes { data in
            unsafe composer.trigger(
                type: name, subject: subject, data: data, authority: authority, source: "/engine", cause: nil,
                at: sequence, time: time, after: chain)
        }
        appendComposed(type: type, depth: 0, time: time)
        if let subject { state.subjects[subject] = SubjectRow(last: sequence) }
        let head = CascadeHead(recordedTime: time, correlation: .trigger(sequence), traceParent: nil, subject: subject)
        _ = runCascade(from: start, head: head)
    }
}
