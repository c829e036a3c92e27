import AgentKit

/// The compiled parts of a rule, in the form in which they are evaluated.
final class RulePlan: @unchecked Sendable {
    struct Variable {
        let name: String
        let utf8: [UInt8]
        let source: String
        let program: Program
    }

    /// What a decision is about.
    enum Subject {
        /// What the trigger is about: nothing is said.
        case triggers
        case nothing
        case value(Program)
        /// The member of its data of that name.
        case member(String)
    }

    struct Emit {
        let type: EventType
        let subject: Subject
        let data: DataPlan
        let each: Program?
        /// Nil where it always is one.
        let condition: Program?
        /// Where `item` is bound, if there is an `each`.
        let itemSlot: Int
    }

    /// One line of `refuse`: the first that holds decides instead of everything else.
    struct Refusal {
        let when: Program
        let because: TextPlan?
        let emit: [Emit]
    }

    struct Timer {
        let name: String
        let key: Program
        /// Nil where the timer is cancelled.
        let at: Program?
        let each: Program?
        /// Nil where it always is one.
        let condition: Program?
        /// Where `item` is bound, if there is an `each`.
        let itemSlot: Int
    }

    struct Quorum {
        let of: [String]
        let need: Int
        let within: Program
        let reference: Program
    }

    let parameters: Value
    let variables: [Variable]
    let table: TablePlan?
    let when: Program?
    let refusals: [Refusal]
    let because: TextPlan?
    let claims: [Program]
    let quorum: Quorum?
    let emit: [Emit]
    let otherwise: [Emit]?
    let onError: [Emit]?
    let timers: [Timer]
    let cancels: [Timer]

    init(
        parameters: Value, variables: [Variable], table: TablePlan?, when: Program?, refusals: [Refusal],
        because: TextPlan?, claims: [Program], quorum: Quorum?, emit: [Emit], otherwise: [Emit]?, onError: [Emit]?,
        timers: [Timer],
        cancels: [Timer]
    ) {
        self.parameters = parameters
        self.variables = variables
        self.table = table
        self.when = when
        self.refusals = refusals
        self.because = because
        self.claims = claims
        self.quorum = quorum
        self.emit = emit
        self.otherwise = otherwise
        self.onError = onError
        self.timers = timers
        self.cancels = cancels
    }
}
