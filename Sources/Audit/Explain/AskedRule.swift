import AgentKit
package import Rules

/// A rule that was evaluated on an entry: what it read, and how it turned out.
package struct AskedRule: Sendable {
    package enum Verdict: String, Sendable {
        /// All its conditions held and it acted.
        case acted
        /// Its conditions held, and so did a line of its `refuse`.
        case refused
        /// Some condition did not hold, and its `otherwise` applies.
        case otherwise
        case didNotHold
        case failed
        /// It would have acted, but a rule of a higher class makes the same claim.
        case overruled
        /// It would have acted, but a rule of the same class makes the same claim with another effect.
        case contradicted
        /// It would have repeated a decision that another rule had made.
        case repeated
    }

    /// A decision that a rule made.
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

    /// The winning row of a decision table, with the table's inputs and outputs.
    package struct TableRow: Sendable {
        package let inputs: [RuleTrace.Variable]
        package let outputs: [RuleTrace.Variable]
        /// From 0; nil if no row held.
        package let index: Int?
        package let count: Int
        /// The row as written.
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
    /// The line on which it starts in its file, from 1.
    package let line: Int
    /// The rule as written.
    package let text: String
    /// The sequence of the entry it was evaluated on.
    package let asked: UInt64
    package internal(set) var verdict: Verdict
    /// The rule that overruled it.
    package internal(set) var overruledBy: String?
    /// The decisions it made, or would have made.
    package let effects: [Effect]
    package let conjuncts: [RuleTrace.Conjunct]
    /// The lines of `refuse` that were evaluated, up to the one that held.
    package let refusals: [RuleTrace.Conjunct]
    package let variables: [RuleTrace.Variable]
    package let table: TableRow?
    /// The reason it gave for acting.
    package let because: String?
    /// The reason why it failed: the log's error code and a message.
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

    /// A rule that was not evaluated now, because its decisions were held for a vote.
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
