/// A compiled expression. Immutable: any number of threads may evaluate it, each with an activation of its own.
package final class Program: Sendable {
    /// One part of a top-level `&&` chain.
    package struct Conjunct: Sendable {
        package let source: String
        /// In UTF-8 bytes from the start of the program's source.
        package let offset: Int
    }

    package let source: String
    package let resultType: CELType
    /// The parts of a top-level `&&` chain, or the whole expression as the only part.
    package let conjuncts: [Conjunct]
    /// The variables and members it reads, in the order of the text.
    package let references: [Reference]
    /// The value, where the expression depends on no variable and does not fail.
    package let constantValue: Value?
    private let root: Node
    private let parts: [Node]
    private let localCount: Int
    private let slotCount: Int
    /// Cost units of everything that runs at most once.
    private let cost: UInt64

    init(_ plan: Plan, source: String) {
        self.source = source
        resultType = plan.type
        conjuncts = plan.conjuncts
        references = plan.references
        root = plan.root
        parts = plan.parts
        localCount = plan.localCount
        slotCount = plan.slotCount
        cost = plan.cost
        constantValue = plan.constant
    }

    /// The value, `Value.error` where evaluation fails.
    package func evaluate(_ activation: Activation) -> Value { run(root, activation) }

    /// Whether a condition holds; nil where it is an error or no bool, and `failure` of the activation says why.
    package func holds(_ activation: Activation) -> Bool? {
        let frame = activation.enter(localCount, slots: slotCount)
        defer { activation.leave(frame) }
        guard activation.charge(cost) else {
            activation.failure = .costPassed
            return nil
        }
        switch root.truth(activation) {
        case .yes: return true
        case .no: return false
        case .failed: return nil
        }
    }

    /// The value of one part of the top-level `&&` chain.
    package func evaluate(conjunct index: Int, _ activation: Activation) -> Value { run(parts[index], activation) }

    @inline(__always)
    private func run(_ node: Node, _ activation: Activation) -> Value {
        let frame = activation.enter(localCount, slots: slotCount)
        defer { activation.leave(frame) }
        guard activation.charge(cost) else { return .costPassed }
        return node.evaluate(activation)
    }
}
