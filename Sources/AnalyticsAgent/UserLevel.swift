package import AgentKit

/// The level under which a user is counted.
package struct UserLevel: Row {
    package var level = "free"

    package init() {}

    package static let name = "userLevel"
    package static let fields: RowFields<UserLevel> = [.init("level", \.level)]
}
