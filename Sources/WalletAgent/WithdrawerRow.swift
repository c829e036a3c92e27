package import AgentKit

/// The withdrawals of a user, oldest first; its key is the user.
package struct WithdrawerRow: Row {
    package var withdrawalIds: [String] = []

    package init() {}

    package static let name = "withdrawer"
    package static let fields: RowFields<WithdrawerRow> = [.init("withdrawalIds", \.withdrawalIds)]
}
