/// A compiled expression. Immutable: any number of threads may evaluate it, each with an activation of its own.
package final class Program: Sendable {
    package let source: String
    package let resultType: CELType
    /// The parts of a top-level `&&` chain, or the whole expression as the only part.
    package let conjuncts: [Conjunct]
    /// The variables and members it reads, in the order of the text.
    package let references: [Reference]
    /// The value, where the expression depends on no variable and does not fail.
    package let constantValue: Value?

    package struct Conjunct: Sendable {
        package let source: String
        /// In UTF-8 bytes from the start of the program's source.
        package let offset: Int
    }

    init(
        source: String, resultType: CELType, conjuncts: [Conjunct], references: [Reference], constantValue: Value?
    ) {
        self.source = source
        self.resultType = resultType
        self.conjuncts = conjuncts
        self.references = references
        self.constantValue = constantValue
    }

    /// The value, `Value.error` where evaluation fails.
    package func evaluate(_ activation: Activation) -> Value { .null }

    /// The value of one part of the top-level `&&` chain.
    package func evaluate(conjunct index: Int, _ activation: Activation) -> Value { .null }
}
