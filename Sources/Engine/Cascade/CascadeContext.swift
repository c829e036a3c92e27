package import AgentKit
import Rules

/// Attributes that a trigger hands down to every decision of its cascade.
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

/// The `correlationid` of all entries of a cascade.
enum Correlation {
    /// Given by the producer.
    case given(String)
    /// The trigger's sequence.
    case trigger(EntrySequence)

    /// The bytes that it may need in an entry.
    var bytesMax: Int {
        switch self {
        case .given(let text): text.utf8.count * 6
        case .trigger: EntrySequence.digits
        }
    }
}

/// Author of a decision: its attributes `agent`, `rule` and `source`.
struct Decider {
    let agent: String
    /// `agent/rule-id`; nil for the engine's own decisions.
    let rule: String?
    let source: String

    /// Indicates that a rule of an agent decides, not the engine.
    var isAgent: Bool { rule != nil }

    /// The engine itself.
    static let engine = Decider(agent: "engine", rule: nil, source: "/engine")

    static func rule(agent: String, qualifiedName: String) -> Decider {
        Decider(agent: agent, rule: qualifiedName, source: "/agents/" + agent)
    }
}

/// An entry whose rules are still to run.
struct CascadeStep {
    let event: Event
    let type: EventType
    /// Number of decisions between the trigger and this entry.
    let depth: Int
    /// The entry that its decisions name as their cause: itself, or the retry that has it evaluated again.
    let cause: EntrySequence
    /// The entry that told the same fact before: it is answered instead of deciding again.
    let earlier: EntrySequence?

    init(
        event: Event, type: EventType, depth: Int, cause: EntrySequence? = nil, earlier: EntrySequence? = nil
    ) {
        self.event = event
        self.type = type
        self.depth = depth
        self.cause = cause ?? event.sequence
        self.earlier = earlier
    }
}

/// The step of a cascade that is being decided on: every decision on it is appended in this context.
struct CascadeContext {
    var step: CascadeStep
    let head: CascadeHead
    /// The trigger's sequence.
    let first: EntrySequence

    init(step: CascadeStep, head: CascadeHead, first: EntrySequence) {
        self.step = step
        self.head = head
        self.first = first
    }
}

/// Why a cascade was given up, as `deadletter.added` says it.
enum CascadeLimit: String, Error {
    /// More than `Machine.cascadeDepthMax` decisions follow one from another.
    case depth = "the cascade is more than 32 decisions deep"
    /// More than `Machine.cascadeEntriesMax` entries.
    case entries = "the cascade has more than 4,096 entries"
}

/// The entries that a trigger led to.
package struct Cascade: Sendable, Equatable {
    /// The trigger's sequence.
    package let first: EntrySequence
    /// The entries of the cascade, the trigger included.
    package let count: Int
}
