import AgentKit

/// What a trigger hands down to every decision of its cascade.
struct CascadeHead {
    /// The trigger's `recordedtime`.
    let recordedTime: Instant
    let correlation: Correlation
    let traceParent: String?
    /// The trigger's subject, for decisions that name none.
    let subject: String?

    /// The subject of a decision that names one, or none, or where it is empty says that it has none.
    func subject(_ own: String?) -> String? {
        let subject = own ?? subject
        return subject?.isEmpty == true ? nil : subject
    }
}

/// What all entries of a cascade carry as `correlationid`.
enum Correlation {
    /// What the producer gave.
    case given(String)
    /// The trigger's sequence.
    case trigger(EntrySequence)

    /// How many bytes it may need in an entry.
    var bytesMax: Int {
        switch self {
        case .given(let text): text.utf8.count * 6
        case .trigger: EntrySequence.digits
        }
    }
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
