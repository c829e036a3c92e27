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
    /// The rule as written, without the indentation all its lines share.
    package let text: String
    /// The position among all rules of the set, in the order of evaluation.
    package internal(set) var index = 0

    let plan: RulePlan
    /// What the start of its condition asks of the event; empty where `otherwise` speaks when the condition is false.
    let guards: [RuleGuard]
    /// The canonical JSON of each key's content.
    let parts: [String: [UInt8]]

    init(
        agent: RuleHost.AgentEntry, version: String, source: RuleSource, on: [EventType], plan: RulePlan,
        guards: [RuleGuard]
    ) {
        self.agent = agent.name
        agentClass = agent.agentClass
        self.version = version
        id = source.id
        qualifiedName = agent.name + "/" + source.id
        self.on = on
        over = source.over
        file = source.file
        line = source.line
        text = source.text
        self.plan = plan
        self.guards = guards
        parts = source.parts
    }
}
