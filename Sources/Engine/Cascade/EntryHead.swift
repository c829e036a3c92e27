import AgentKit

/// What a trigger hands down to every decision of its cascade.
struct CascadeHead {
    /// The trigger's `recordedtime`.
    let recordedTime: Instant
    /// The trigger's `correlationid`, or its sequence.
    let correlation: String
    let traceParent: String?
    /// The trigger's subject, for decisions that name none.
    let subject: String?
}

/// Who decided: the attributes `agent`, `rule`, `ruleset` and `source` of a decision.
struct Decider {
    let agent: String
    /// `agent/rule-id`; nil for the engine's own decisions.
    let rule: String?
    let source: String

    /// Whether a rule of an agent decides, not the engine.
    var isAgent: Bool { rule != nil }

    /// The engine itself.
    static let engine = Decider(agent: "engine", rule: nil, source: "/engine")

    static func rule(agent: String, qualifiedName: String) -> Decider {
        Decider(agent: agent, rule: qualifiedName, source: "/agents/" + agent)
    }
}
