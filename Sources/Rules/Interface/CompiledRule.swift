package import AgentKit

/// One rule, checked and ready to be evaluated by its rule set.
package final class CompiledRule: @unchecked Sendable {
    package let agent: String
    package let agentClass: AgentClass
    /// The version its file states.
    package let version: String
    package let id: String
    /// `agent/id`.
    package let qualifiedName: String
    /// The types it is on.
    package let on: [EventType]
    /// The projection over whose rows it runs, once a row.
    package let over: String?
    package let file: String
    /// The line on which the rule starts, from 1.
    package let line: Int
    /// The position among all rules of the set, in the order of evaluation.
    package internal(set) var index = 0

    private let task: RuleCompiler.Task
    /// What was made of it; of a rule of a set that compiles on demand, once it is asked.
    private var compilation = Compilation.open

    private enum Compilation {
        case open
        case made(RuleCompiler.Compiled)
        case failed
    }

    init(agent: RuleHost.AgentEntry, version: String, on: [EventType], task: RuleCompiler.Task) {
        self.task = task
        let source = task.source
        self.agent = agent.name
        agentClass = agent.agentClass
        self.version = version
        id = source.id
        qualifiedName = agent.name + "/" + source.id
        self.on = on
        over = source.over
        file = task.compiler.file.name
        line = source.line
    }

    /// What is made of it, compiled now if it was not yet; nil where its file then has errors that say why.
    func compile() -> RuleCompiler.Compiled? {
        switch compilation {
        case .made(let compiled): return compiled
        case .failed: return nil
        case .open:
            let compiled = task.compiled()
            compilation = compiled.map { .made($0) } ?? .failed
            return compiled
        }
    }

    /// The errors of its file.
    var errors: [RuleDiagnostic] { task.compiler.file.errors }

    /// Indicates that it was to be compiled and could not be.
    var isWrong: Bool { if case .failed = compilation { true } else { false } }

    /// Nil where it cannot be compiled.
    var plan: RulePlan? { compile()?.plan }

    /// Demands of the condition on the event; unknown where `otherwise` decides when the condition is false.
    var guards: RuleGuard { compile()?.guards ?? .unknown }

    /// The names that its expressions read, looked for when explanations first ask for them.
    package private(set) lazy var reads: RuleReads = plan == nil ? RuleReads() : task.reads()

    /// The rule as written, without the indentation all its lines share.
    package var text: String { task.source.text }

    /// The canonical JSON of each key's content.
    var parts: [String: [UInt8]] { task.source.parts }

    /// Source texts of the parts of the `&&` chain of `when`, or of the whole as the only part; empty where there is no
    /// condition.
    package var conditionParts: [String] { plan?.when?.conjuncts.map(\.source) ?? [] }

    /// Source texts of the conditions of `refuse`, in order.
    package var refusalConditions: [String] { plan?.refusals.map(\.when.source) ?? [] }

    /// The lines of its decision table's rows, from 1; the default is among them.
    package var tableRowLines: [Int] { plan?.table?.rows.map(\.line) ?? [] }

    /// The number of rows in its decision table, the default among them.
    package var tableRows: Int { plan?.table?.rows.count ?? 0 }

    /// A row of its decision table as written, from 0: its first line and those that are indented deeper.
    package func text(ofTableRow index: Int) -> String? {
        guard let table = plan?.table, table.rows.indices.contains(index) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(
            table.rows[index].line - line)
        guard let first = lines.first else { return nil }
        func indentation(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }
        let rest = lines.dropFirst().prefix { !$0.isEmpty && indentation($0) > indentation(first) }
        return ([first] + rest).map { String($0.dropFirst(indentation(first))) }.joined(separator: "\n")
    }
}
