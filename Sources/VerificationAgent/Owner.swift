import AgentKit

/// Who owns something.
struct Owner: Row {
    var userId = ""

    static let name = "owner"
    static let fields: RowFields<Owner> = [.init("userId", \.userId)]
}
