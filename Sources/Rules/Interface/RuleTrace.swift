/// What a rule looked at while it decided, for explanations. A trace is filled by one evaluation.
package final class RuleTrace {
    /// How far one part of `when` held.
    package enum Verdict: Sendable, Equatable {
        case held
        case failed
        case error(String)
    }

    package struct Variable: Sendable {
        package let name: String
        package let source: String
        /// Canonical JSON of the value; nil where it could not be computed.
        package let json: String?
        package let error: String?
    }

    package struct Conjunct: Sendable {
        package let source: String
        package let verdict: Verdict
        /// Whether it is the first that did not hold.
        package let isDecisive: Bool
    }

    /// The named expressions that were evaluated, in the order of the file.
    package internal(set) var variables: [Variable] = []
    /// The parts of the top-level `&&` chain of `when`.
    package internal(set) var conjuncts: [Conjunct] = []
    /// The row of the decision table that won, from 0; nil where none was asked for or none held.
    package internal(set) var tableRow: Int?
    package internal(set) var failure: RuleFailure?

    package init() {}
}
