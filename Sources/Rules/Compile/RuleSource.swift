/// A rule as it is written, its literals read and its expressions not compiled yet.
struct RuleSource {
    struct Variable {
        let name: String
        let place: SourcePlace
        let expression: ExpressionText
    }

    struct Emit {
        let type: String
        let typePlace: SourcePlace
        let place: SourcePlace
        let subject: Subject?
        /// Whether the decision itself says its subject, not the rule or the file.
        var hasOwnSubject = false
        let data: Data
        let each: ExpressionText?
        /// Nil where it always is one.
        let condition: ExpressionText?
    }

    /// What a decision is about.
    enum Subject {
        /// A member of its data, where it has one of that name; else nothing.
        case member(String, SourcePlace)
        /// Anything else that is said in CEL.
        case expression(ExpressionText)
    }

    /// The data of a decision.
    indirect enum Data {
        /// One expression that gives the whole.
        case expression(ExpressionText)
        case members([Member], SourcePlace)
        case elements([Data], SourcePlace)
        /// A text with CEL in braces; of an account the currency of the amount beside it ends it.
        case text(TextTemplate, isAccount: Bool)
    }

    struct Member {
        let name: String
        let place: SourcePlace
        /// Nil where it is the trigger's member of the same name.
        let value: Data?
    }

    /// One line of `refuse`.
    struct Refusal {
        let place: SourcePlace
        let when: ExpressionText
        let type: (text: String, place: SourcePlace)
        let reason: TextTemplate?
        let because: TextTemplate?
        /// What members of the refusal hold that neither the reason nor the trigger gives.
        let with: [Member]
        let also: [Emit]
    }

    struct Timer {
        let name: String
        let place: SourcePlace
        let key: ExpressionText
        /// Nil where the timer is cancelled.
        let at: ExpressionText?
        let each: ExpressionText?
        let condition: ExpressionText?
    }

    struct Quorum {
        let of: [(text: String, place: SourcePlace)]
        let need: Int
        let within: ExpressionText
        let reference: ExpressionText
        let place: SourcePlace
    }

    var id = ""
    var idPlace = SourcePlace(line: 1, column: 1)
    var file = ""
    var line = 1
    var text = ""
    /// The canonical JSON of each key's content.
    var parts: [String: [UInt8]] = [:]
    var on: [(text: String, place: SourcePlace)] = []
    var over: String?
    var overPlace = SourcePlace(line: 1, column: 1)
    var variables: [Variable] = []
    var when: ExpressionText?
    var because: TextTemplate?
    var refusals: [Refusal] = []
    /// The decision by which lines of `refuse` refuse that name none, where the rule says it.
    var refused: (text: String, place: SourcePlace)?
    /// The member of a decision's data that it is about, unless the decision says another.
    var subject: Subject?
    /// Whether `subject` and `onError` are the file's.
    var (hasFilesSubject, hasFilesOnError) = (false, false)
    var emit: [Emit] = []
    var otherwise: [Emit]?
    var onError: [Emit]?
    var timers: [Timer] = []
    var cancels: [Timer] = []
    var claims: [ExpressionText] = []
    var quorum: Quorum?
    var table: TableSource?
}
