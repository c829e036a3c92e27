import AgentKit
import Rules

/// A table that a rule file declares or once declared, by its name.
struct RuleTableRow: Row {
    /// What its rows stand behind in the store; a table that goes and comes back has another.
    var number: Int64 = 0
    /// The last number that the table took: none is ever given again.
    var last: Int64 = 0
    /// Whether the rule set in force declares it.
    var isKept = false
    var key = ""
    /// As `TableShape` has them.
    var members: [String: String] = [:]
    /// The number of each index by its member.
    var indexes: [String: Int64] = [:]

    static let name = "ruleTable"
    static let fields: RowFields<RuleTableRow> = [
        .init("number", \.number), .init("last", \.last), .init("isKept", \.isKept), .init("key", \.key),
        .init("members", \.members), .init("indexes", \.indexes),
    ]

    var shape: TableShape { TableShape(key: key, members: members) }
}
