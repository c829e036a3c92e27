// Agents and rules import `AgentKit` alone: what they read and answer with comes with it.
@_exported public import CEL
@_exported public import JSON

/// One agent: its state and the pure reducer that folds entries into it. What it decides stands in its rule file.
package protocol Agent {
    /// The events it folds, each with the view of its data.
    associatedtype Fold: EventFold
    associatedtype State

    /// The name in entries, rule files and conflicts.
    static var name: String { get }
    static var agentClass: AgentClass { get }

    /// Makes the agent's tables.
    static func state(in tables: TableSet) -> State
    /// Folds one entry; never fails, never validates, changes only the agent's own tables.
    static func reduce(_ state: State, _ fold: Fold, _ entry: Event)
    /// The functions that rules may call beside the standard ones; pure.
    static func functions(_ state: State) -> [Function]
}

extension Agent {
    package static func functions(_ state: State) -> [Function] { [] }
}

/// The priority of an agent: it orders agents within a step, settles conflicts and schedules waiting requests.
package enum AgentClass: UInt8, Comparable, Sendable, CaseIterable {
    case complaint
    case compliance
    /// Order and wallet.
    case commerce
    /// Verification, franchise, marketplace and quality.
    case standing
    case recommendation
    case analytics

    /// The higher class is the lower number.
    package static func < (a: AgentClass, b: AgentClass) -> Bool { a.rawValue < b.rawValue }
}

/// The entry whose rules are being evaluated, for functions that need it: a transfer's id names the entry that
/// requested it.
package final class RuleContext {
    package var sequence = EntrySequence(0)
    package var recordedTime = Instant(milliseconds: 0)

    package init() {}
}

/// A service quality level of a user; the raw value is its name in events.
package enum ServiceLevel: String, CaseIterable, Sendable {
    case free
    case basic
    case normal
    case high
    case vip

    /// 0 (free) to 4 (vip).
    package var rank: Int64 {
        switch self {
        case .free: 0
        case .basic: 1
        case .normal: 2
        case .high: 3
        case .vip: 4
        }
    }
}
