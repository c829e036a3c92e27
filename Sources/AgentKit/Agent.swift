package import CEL

/// One agent: its state and the pure reducer that folds entries into it. What it decides stands in its rule file.
package protocol Agent {
    /// The event types it folds; the raw value is the type.
    associatedtype Fold: RawRepresentable, CaseIterable, Sendable where Fold.RawValue == String
    associatedtype State

    /// The name in entries, rule files and conflicts.
    static var name: String { get }
    static var agentClass: AgentClass { get }

    /// Makes the agent's tables.
    static func state(in tables: TableSet) -> State
    /// Folds one entry; never fails, never validates, changes only the agent's own tables.
    static func reduce(_ state: State, _ fold: Fold, _ event: Event)
    /// What rules may call beside the standard functions; pure.
    static func functions(_ state: State) -> [Function]
}

extension Agent {
    package static func functions(_ state: State) -> [Function] { [] }
}
