package import AgentKit

/// What a user wants to see.
package struct Preferences: Row {
    package var userId = ""

    package init() {}

    package static let name = "preferences"
    package static let fields: [RowField<Preferences>] = [.init("userId", \.userId)]
}
