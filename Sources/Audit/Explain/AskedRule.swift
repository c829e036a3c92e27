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
    let agentClass: AgentClass
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
    /// The members of a variable's record that the rule read, by the variable's name; absent where it read all of it.
    let members: [String: [String]]
    /// The members of a variable's record that are amounts, by the variable's name.
    let amounts: [String: AmountMembers]
    /// The variables that are amounts in minor units.
    let amountVariables: Set<String>
    /// The names of values that are basis points.
    let shares: Set<String>
    /// The parameters of its file that it read.
    package let parameters: [RuleTrace.Variable]
    /// The values that the first condition read which did not hold.
    package let decisive: [RuleTrace.Variable]
    /// False for a rule that is about other events: its first condition that did not hold only asks what the event is about.
    package let concerns: Bool
    package let table: TableRow?
    /// The reason it gave for acting.
    package let because: String?
    /// The reason why it failed: the log's error code and a message.
    package let failure: String?

    /// - Parameter amounts: the members of a projection's records that are amounts.
    init(
        _ rule: CompiledRule, on event: Event, _ outcome: RuleOutcome, _ trace: RuleTrace,
        amounts: (String) -> AmountMembers
    ) {
        let values = RuleValues(rule, on: event, outcome, trace)
        name = rule.qualifiedName
        version = rule.version
        agentClass = rule.agentClass
        file = rule.file
        line = rule.line
        text = rule.text
        asked = event.sequence.value
        conjuncts = trace.conjuncts
        refusals = trace.refusals
        variables = trace.variables
        let named = trace.variables.map { ($0.name, $0) }
        members = Dictionary(named.compactMap { name, _ in values.members(of: name).map { (name, $0) } }) { $1 }
        let types = rule.on.filter { $0.name == event.type }
        self.amounts = Dictionary(named.map { ($0, Self.amounts(in: $1.source, of: types, amounts)) }) { $1 }
        amountVariables = Set(trace.variables.filter { Self.isAmount($0.source) }.map(\.name))
        shares = values.shares
        parameters = values.parameters
        let failed = trace.conjuncts.first(where: \.isDecisive)?.source
        decisive = failed.map(values.read) ?? []
        concerns = failed.map { !rule.reads.isKindTest($0) } ?? true
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
        agentClass = rule.agentClass
        file = rule.file
        line = rule.line
        text = rule.text
        self.asked = asked
        verdict = .acted
        conjuncts = []
        refusals = []
        variables = []
        members = [:]
        amounts = [:]
        amountVariables = []
        shares = []
        parameters = []
        decisive = []
        concerns = true
        table = nil
        effects = []
        because = nil
        failure = nil
    }

    /// The members that are amounts in the value of an expression such as `orders[orderId]` or `data.transfers`.
    private static func amounts(
        in source: String, of types: [EventType], _ amounts: (String) -> AmountMembers
    ) -> AmountMembers {
        let name = String(source.prefix { $0.isLetter || $0.isNumber })
        let rest = source.dropFirst(name.count)
        if name == "data" || name == "event" { return types.first?.amounts.within(String(rest.dropFirst())) ?? .none }
        return rest.first == "[" ? amounts(name) : .none
    }

    /// Indicates an expression that adds up minor units, or takes a parameter of the event's currency.
    private static func isAmount(_ source: String) -> Bool {
        if source.contains("data.currency]") { return source.hasPrefix("params.") }
        return source.contains(".minorUnits") && !source.contains("basisPoints(") && !source.contains("string(")
    }

    /// The first of its conditions that did not hold.
    package var firstFailed: String? { conjuncts.first(where: \.isDecisive)?.source }
}
