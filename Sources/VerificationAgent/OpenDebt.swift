import AgentKit

/// Whose debt it is; its key is the debt.
struct OpenDebt: Row {
    var userId = ""

    static let name = "openDebt"
    static let fields: RowFields<OpenDebt> = [.init("userId", \.userId)]
}
