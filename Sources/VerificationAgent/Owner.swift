import AgentKit

/// Who owns something.
struct Owner: Row {
    var userId = ""

    static let name = "owner"
    static let fields: RowFields<Owner> = [.init("userId", \.userId)]
}

/// Whose debt it is; its key is the debt.
struct OpenDebt: Row {
    var userId = ""
    var left = Amount.zero

    static let name = "openDebt"
    static let fields: RowFields<OpenDebt> = [.init("userId", \.userId), .init("left", \.left)]
}
