package import AgentKit

/// A wish to be forgotten.
package struct Erasure: Row {
    package var userId = ""

    package init() {}

    package static let name = "erasure"
    package static let fields: [RowField<Erasure>] = [.init("userId", \.userId)]
}
