package import AgentKit
import Rules

/// An entry whose rules are still to run.
struct Step {
    let event: Event
    let type: EventType
    /// How many decisions lie between the trigger and this entry.
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

/// Why a cascade was given up, as `deadletter.added` says it.
enum CascadeLimit: String, Error {
    /// More than `Machine.cascadeDepthMax` decisions follow one from another.
    case depth = "the cascade is more than 32 decisions deep"
    /// More than `Machine.cascadeEntriesMax` entries.
    case entries = "the cascade has more than 4,096 entries"
}

/// What a trigger led to.
package struct Cascade: Sendable, Equatable {
    /// The trigger's sequence.
    package let first: EntrySequence
    /// The entries of the cascade, the trigger included.
    package let count: Int
}
