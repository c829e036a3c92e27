package import AgentKit

/// The outcome of evaluating a rule on an event.
package enum RuleOutcome: Sendable {
    /// `when` does not hold and there is no `otherwise`.
    case silent
    case decided(Decisions)
    /// The rule failed with a code of the log. `onError` is what stands in for its decisions, evaluated already; nil
    /// where the rule has none or that failed too.
    case failed(code: RuleFailure.Code, onError: [Emission]?)
}

/// Everything one rule decided on one event, in the order in which it is appended: emissions, timers, cancels.
package struct Decisions: Sendable {
    /// The rule's reason, at most 1,024 bytes.
    package var because: String?
    package var emissions: [Emission] = []
    package var timers: [TimerRequest] = []
    package var cancels: [TimerName] = []
    /// The resources the rule claims.
    package var claims: [String] = []
    /// Set where the emissions are to be held until a vote.
    package var quorum: QuorumRequest?
    /// Indicates that `otherwise` stands in because `when` did not hold, or a line of `refuse` because it did.
    package var isOtherwise = false
    /// The line of `refuse` that held, from 0.
    package var refusal: Int?

    package init() {}
}

/// One decision to append.
package struct Emission: Sendable {
    package let type: EventType
    /// The subject that the rule states, empty where the decision has none; nil for the trigger's.
    package let subject: String?
    /// RFC 8785 canonical JSON that fits the declared type.
    package let data: [UInt8]

    package init(type: EventType, subject: String?, data: [UInt8]) {
        self.type = type
        self.subject = subject
        self.data = data
    }
}

/// A timer of the rule's agent by name and key.
package struct TimerName: Sendable, Hashable {
    package let name: String
    package let key: String

    package init(name: String, key: String) {
        self.name = name
        self.key = key
    }
}

/// A timer to schedule; it replaces one of the same name and key.
package struct TimerRequest: Sendable, Hashable {
    package let timer: TimerName
    package let due: Instant

    package init(timer: TimerName, due: Instant) {
        self.timer = timer
        self.due = due
    }
}

/// The vote on which a rule's emissions wait.
package struct QuorumRequest: Sendable, Hashable {
    /// The agents that may vote.
    package let of: [String]
    /// The approvals needed.
    package let need: Int
    package let withinMilliseconds: Int64
    package let reference: String

    package init(of: [String], need: Int, withinMilliseconds: Int64, reference: String) {
        self.of = of
        self.need = need
        self.withinMilliseconds = withinMilliseconds
        self.reference = reference
    }
}

/// The reason for which a rule has no decision.
package struct RuleFailure: Error, Sendable {
    /// The code that the log records for a failure: no text from data goes into it.
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

/// A record of one evaluation of a rule, for explanations.
package final class RuleTrace {
    /// The verdict on one part of `when`.
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
        /// Indicates the first part that did not hold.
        package let isDecisive: Bool
        /// The code that a line of `refuse` names.
        package var reason: String?
        /// The words of a line of `refuse`; nil for a part of `when`, where the line has none, where a value in them is not
        /// known, and where it does not hold and its words set two values against each other.
        package var because: String?
    }

    /// The named expressions that were evaluated, in the order of the file.
    package internal(set) var variables: [Variable] = []
    /// The parts of the top-level `&&` chain of `when`.
    package internal(set) var conjuncts: [Conjunct] = []
    /// The lines of `refuse` up to the one that held, which is decisive.
    package internal(set) var refusals: [Conjunct] = []
    /// The row of the decision table that won, from 0; nil where none was asked for or none held.
    package internal(set) var tableRow: Int?
    /// The inputs of the decision table, in the order of the file; empty where it was not asked.
    package internal(set) var tableInputs: [Variable] = []
    /// The outputs of the row that won.
    package internal(set) var tableOutputs: [Variable] = []
    package internal(set) var failure: RuleFailure?

    package init() {}
}
