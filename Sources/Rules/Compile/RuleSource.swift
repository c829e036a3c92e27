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
        let subject: ExpressionText?
        let data: ExpressionText?
        let each: ExpressionText?
    }

    struct Timer {
        let name: String
        let place: SourcePlace
        let key: ExpressionText
        /// Nil where the timer is cancelled.
        let at: ExpressionText?
        let each: ExpressionText?
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
    var because: ExpressionText?
    var emit: [Emit] = []
    var otherwise: [Emit]?
    var onError: [Emit]?
    var timers: [Timer] = []
    var cancels: [Timer] = []
    var claims: [ExpressionText] = []
    var quorum: Quorum?
    var table: TableSource?
}
