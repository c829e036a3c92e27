package import AgentKit

/// What became of a franchise in one currency since its last settlement; its key is the franchise and the currency.
package struct FranchiseIncome: Row {
    /// What arrived in its account.
    package var income = Amount.zero
    /// The fines imposed on it, paid or owed.
    package var fines = Amount.zero

    package init() {}

    package static let name = "franchiseIncome"
    package static let fields: RowFields<FranchiseIncome> = [
        .init("income", \.income), .init("fines", \.fines),
    ]

    /// Identifiers hold no `/`.
    static func key(_ franchiseId: String, _ currency: String) -> String { franchiseId + "/" + currency }
}
