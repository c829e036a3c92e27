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
    /// The value, if the expression depends on no variable and does not fail.
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

    /// The value of the expression; `Value.error` if evaluation fails.
    package func evaluate(_ activation: Activation) -> Value { run(root, activation) }

    /// The outcome of a condition; nil if it fails or is not a bool, with the error in the activation's `failure`.
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

/// One use of a variable, or of a member reached from it by selections alone.
package struct Reference: Hashable, Sendable {
    package let variable: String
    /// The members selected from the variable, in order; empty for the variable itself.
    package let path: [String]
    /// The record that declares the last member of the path, if one does.
    package let record: String?
    /// Set if `has`, an optional selection or a preceding guard on the same path protects the use.
    package let isGuarded: Bool
    /// In UTF-8 bytes from the start of the source.
    package let offset: Int

    package init(variable: String, path: [String], record: String?, isGuarded: Bool, offset: Int) {
        self.variable = variable
        self.path = path
        self.record = record
        self.isGuarded = isGuarded
        self.offset = offset
    }
}

/// The reason an expression has no value.
package struct EvaluationError: Error, Sendable {
    package enum Code: Sendable {
        case noSuchKey, noSuchOverload, indexOutOfRange, overflow, divideByZero, invalidArgument, costExceeded
        case typeMismatch, unknownVariable
        /// Amounts of different currencies were added or compared.
        case currency
    }

    private final class Content: Sendable {
        let code: Code
        let message: String
        init(_ code: Code, _ message: String) {
            self.code = code
            self.message = message
        }
    }

    private let content: Content

    package init(_ code: Code, _ message: String) { content = Content(code, message) }

    package var code: Code { content.code }
    package var message: String { content.message }

    /// The code written to the log when a rule fails; it carries no text from data.
    package var ruleCode: String {
        switch code {
        case .noSuchKey: "no_such_key"
        case .noSuchOverload: "no_such_overload"
        case .indexOutOfRange: "index"
        case .overflow: "overflow"
        case .divideByZero: "divide_by_zero"
        case .invalidArgument: "invalid_argument"
        case .costExceeded: "cost"
        case .typeMismatch, .unknownVariable: "type"
        case .currency: "currency"
        }
    }
}

extension EvaluationError: CustomStringConvertible {
    package var description: String { message }
}
