package import CEL

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
    /// What rules may call beside the standard functions; pure.
    static func functions(_ state: State) -> [Function]
}

extension Agent {
    package static func functions(_ state: State) -> [Function] { [] }
}
