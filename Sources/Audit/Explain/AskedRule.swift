import AgentKit
package import Rules

/// A rule that was asked about an entry, what it looked at, and what it made of it.
package struct AskedRule: Sendable {
    package enum Verdict: String, Sendable {
        /// Its conditions held and it acted.
        case acted
        /// They did not hold, and what it has for that case stands.
        case otherwise
        case didNotHold
        case failed
    }

    /// `agent/id`.
    package let name: String
    package let version: String
    package let file: String
    /// Where it starts in its file, from 1.
    package let line: Int
    /// As written.
    package let text: String
    /// The entry it was asked about.
    package let asked: UInt64
    package let verdict: Verdict
    package let conjuncts: [RuleTrace.Conjunct]
    package let variables: [RuleTrace.Variable]
    /// The row of its table that won, from 0.
    package let tableRow: Int?
    /// The reason it gave for acting.
    package let because: String?
    /// What went wrong where it failed: the log's code, and more words.
    package let failure: String?

    init(_ rule: CompiledRule, on event: Event, _ outcome: RuleOutcome, _ trace: RuleTrace) {
        name = rule.qualifiedName
        version = rule.version
        file = rule.file
        line = rule.line
        text = rule.text
        asked = event.sequence.value
        conjuncts = trace.conjuncts
        variables = trace.variables
        tableRow = trace.tableRow
        switch outcome {
        case .silent:
            verdict = .didNotHold
            because = nil
            failure = nil
        case .decided(let decisions):
            verdict = decisions.isOtherwise ? .otherwise : .acted
            because = decisions.because
            failure = nil
        case .failed(let code, _):
            verdict = .failed
            because = nil
            failure = code.rawValue + (trace.failure.map { ": " + $0.message } ?? "")
        }
    }

    /// A rule that was not asked now: its decisions were held for a vote.
    init(held rule: CompiledRule, asked: UInt64) {
        name = rule.qualifiedName
        version = rule.version
        file = rule.file
        line = rule.line
        text = rule.text
        self.asked = asked
        verdict = .acted
        conjuncts = []
        variables = []
        tableRow = nil
        because = nil
        failure = nil
    }

    /// The first of its conditions that did not hold.
    package var firstFailed: String? { conjuncts.first(where: \.isDecisive)?.source }
}
