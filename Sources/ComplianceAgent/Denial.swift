import AgentKit

/// How often a person was denied access, and to what last.
struct Denial: Row {
    var count: Int64 = 0
    var feature = ""

    static let name = "denial"
    static let fields: RowFields<Denial> = [.init("count", \.count), .init("feature", \.feature)]
}
