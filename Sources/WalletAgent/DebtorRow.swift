package import AgentKit

/// The open debts that are collected from one account, oldest first; its key is the account's path.
package struct DebtorRow: Row {
    package var debtIds: [String] = []

    package init() {}

    package static let name = "debtor"
    package static let fields: RowFields<DebtorRow> = [.init("debtIds", \.debtIds)]
}
