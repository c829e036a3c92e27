package import AgentKit

/// Why a rule has no decision.
package struct RuleFailure: Error, Sendable {
    /// What the log says of a failure: no text from data goes into it.
    package enum Code: String, Sendable, CaseIterable {
        case noSuchKey = "no_such_key"
        case noSuchOverload = "no_such_overload"
        case index
        case overflow
        case divideByZero = "divide_by_zero"
        case invalidArgument = "invalid_argument"
        case cost
        case type
        case size
        case currency
    }

    package let code: Code
    /// For explanations; may hold data.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package init(_ error: EvaluationError) {
        self.init(Code(rawValue: error.ruleCode) ?? .type, error.message)
    }
}
