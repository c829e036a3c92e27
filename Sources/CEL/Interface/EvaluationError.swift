/// Why an expression has no value.
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

    /// The code written to the log when a rule fails: no text from data goes with it.
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
