import AgentKit

/// What the entries of one type do to one table.
struct FoldPlan {
    enum Action: String, CaseIterable {
        /// Sets the whole row, one that is there already too.
        case put
        /// Sets members of a row that is there.
        case change
        case remove
    }

    /// A member that is set.
    struct Member {
        /// The position among the members of the row.
        let index: Int
        let program: Program
        /// Whether an empty optional leaves it out.
        let isOptional: Bool
    }

    let table: DeclaredTable
    let action: Action
    let key: Program
    /// Nil where it always happens.
    let condition: Program?
    let members: [Member]
}
