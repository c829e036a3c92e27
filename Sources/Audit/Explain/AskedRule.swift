import AgentKit
package import Rules

/// A rule that was asked about an entry, what it looked at, and what it made of it.
package struct AskedRule: Sendable {
    package enum Verdict: String, Sendable {
        /// Its conditions held and it acted.
        case acted
        /// Its condition held, and so did a line of its `refuse`.
        case refused
        /// Its condition did not hold, and what it has for that case stands.
        case otherwise
        case didNotHold
        case failed
        /// It would have acted, but a rule of a higher class claims the same.
        case overruled
        /// It would have acted, but a rule of its own class claims the same to another effect.
        case contradicted
        /// It would have done what another rule has done already.
        case repeated
    }

    /// A decision that a rule gives.
    package struct Effect: Sendable {
        package let type: String
        package let subject: String?
        /// Canonical JSON.
        package let data: String

        init(_ emission: Emission) {
            type = emission.type.name
            subject = emission.subject?.isEmpty == true ? nil : emission.subject
            data = String(decoding: emission.data, as: UTF8.self)
        }
    }

    /// The row of a decision table that won, what it was asked with and what it gives.
    package struct TableRow: Sendable {
        package let inputs: [RuleTrace.Variable]
        package let outputs: [RuleTrace.Variable]
        /// From 0; nil where none held.
        package let index: Int?
        package let count: Int
        /// As written.
        package let text: String?

        init?(_ rule: CompiledRule, _ trace: RuleTrace) {
            guard rule.tableRows > 0, trace.tableRow != nil || !trace.tableInputs.isEmpty else { return nil }
            inputs = trace.tableInputs
            outputs = trace.tableOutputs
            index = trace.tableRow
            count = rule.tableRows
            text = trace.tableRow.flatMap(rule.text(ofTableRow:))
        }
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
    package internal(set) var verdict: Verdict
    /// The rule that stands in its place where it is overruled.
    package internal(set) var overruledBy: String?
    /// What it decided, or would have.
    package let effects: [Effect]
    package let conjuncts: [RuleTrace.Conjunct]
    /// The lines of `refuse` that were asked, up to the one that held.
    package let refusals: [RuleTrace.Conjunct]
    package let variables: [RuleTrace.Variable]
    package let table: TableRow?
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
        refusals = trace.refusals
        variables = trace.variables
        table = TableRow(rule, trace)
        switch outcome {
        case .silent:
            verdict = .didNotHold
            effects = []
            because = nil
            failure = nil
        case .decided(let decisions):
            verdict = decisions.refusal != nil ? .refused : decisions.isOtherwise ? .otherwise : .acted
            effects = decisions.emissions.map(Effect.init)
            because = decisions.because
            failure = nil
        case .failed(let code, let onError):
            verdict = .failed
            effects = (onError ?? []).map(Effect.init)
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
        refusals = []
        variables = []
        table = nil
        effects = []
        because = nil
        failure = nil
    }

    /// The first of its conditions that did not hold.
    package var firstFailed: String? { conjuncts.first(where: \.isDecisive)?.source }
}
