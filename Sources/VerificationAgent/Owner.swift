import AgentKit

/// Who owns something.
struct Owner: Row {
    var userId = ""

    static let name = "owner"
    static let fields: [RowField<Owner>] = [.init("userId", \.userId)]
}
