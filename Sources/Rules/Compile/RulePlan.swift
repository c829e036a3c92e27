import AgentKit

/// The compiled parts of a rule, in the form in which they are evaluated.
final class RulePlan: @unchecked Sendable {
    struct Variable {
        let name: String
        let utf8: [UInt8]
        let source: String
        let program: Program
    }

    /// The subject of a decision.
    enum Subject {
        /// The trigger's subject: none is stated.
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
        /// The slot of `item`, if there is an `each`.
        let itemSlot: Int
    }

    /// One line of `refuse`: the first that holds decides instead of everything else.
    struct Refusal {
        let when: Program
        let because: TextPlan?
        /// The code it names; nil where it is worked out.
        let reason: String?
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
        /// The slot of `item`, if there is an `each`.
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

/// The plan by which the data of a decision is written. A map literal with constant keys becomes a list of members in
/// the order of RFC 8785, so that no map is built; anything else is evaluated and converted.
indirect enum DataPlan {
    final class Member {
        let name: String
        let utf8: [UInt8]
        /// Indicates an entry `?"name": optional`, left out where the optional is empty.
        let isOptionalEntry: Bool
        let constraint: Constraint?
        let plan: DataPlan

        /// The currency of the amounts beside it.
        static func currency(isOptional: Bool) -> Member {
            Member(name: RecordSchema.currencyName, isOptionalEntry: isOptional, constraint: nil, plan: .currency)
        }

        init(name: String, isOptionalEntry: Bool, constraint: Constraint?, plan: DataPlan) {
            self.name = name
            utf8 = Array(name.utf8)
            self.isOptionalEntry = isOptionalEntry
            self.constraint = constraint
            self.plan = plan
        }
    }

    /// A piece of a text that is put together.
    enum Piece {
        case literal(String)
        case value(Program)
        /// The code of the amounts written before.
        case currency
    }

    case value(Program, DeclaredType)
    /// A text; unlike one for people it fails the rule where a piece of it does.
    case text([Piece])
    case members([Member])
    /// A record whose currency is that of its amounts, or of amounts in it.
    case money([Member])
    /// The member `currency` that amounts bring.
    case currency
    case elements([DataPlan])
    /// Canonical JSON that no event changes.
    case constant([UInt8])

    static var empty: DataPlan { .constant(Array("{}".utf8)) }
}

/// A compiled decision table.
struct TablePlan {
    /// The test that one cell puts to its input.
    enum Test {
        case equals(Value)
        /// Bounds of a number; nil is open.
        case range(lower: Double?, lowerIsIncluded: Bool, upper: Double?, upperIsIncluded: Bool)
    }

    struct Cell {
        let input: Int
        /// Any of them.
        let tests: [Test]
    }

    enum Condition {
        case cells([Cell])
        case program(Program)
        case always
    }

    enum Output {
        case program(Program)
        case constant(Value)
    }

    struct Row {
        let condition: Condition
        /// In the order of `outputs`.
        let outputs: [Output]
        let line: Int
    }

    /// The slot of `table`.
    let slot: Int
    let inputNames: [String]
    let inputs: [Program]
    let outputs: [String]
    let rows: [Row]
}
