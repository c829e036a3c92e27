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

        /// A value that is known already.
        package init(name: String, json: String) {
            self.init(name: name, source: "", json: json, error: nil)
        }

        init(name: String, source: String, json: String?, error: String?) {
            self.name = name
            self.source = source
            self.json = json
            self.error = error
        }
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
    /// The lines of `refuse` up to the one that held, which is decisive.
    package internal(set) var refusals: [Conjunct] = []
    /// The row of the decision table that won, from 0; nil where none was asked for or none held.
    package internal(set) var tableRow: Int?
    /// What the decision table was asked with, in the order of the file; empty where it was not asked.
    package internal(set) var tableInputs: [Variable] = []
    /// What the row that won gives.
    package internal(set) var tableOutputs: [Variable] = []
    package internal(set) var failure: RuleFailure?

    package init() {}
}
