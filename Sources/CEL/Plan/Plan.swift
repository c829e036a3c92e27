/// What the planner makes of a syntax tree.
struct Plan {
    let root: Node
    let parts: [Node]
    let conjuncts: [Program.Conjunct]
    let type: CELType
    let references: [Reference]
    let constant: Value?
    let localCount: Int
    /// The number of slots an activation must have.
    let slotCount: Int
    let cost: UInt64
}
