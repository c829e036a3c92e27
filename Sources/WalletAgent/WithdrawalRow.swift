package import AgentKit

/// Money on its way to a bank.
package struct WithdrawalRow: Row {
    package var id = ""
    package var userId = ""
    package var amount = Amount.zero
    package var currency = ""
    /// `accepted`, `completed`, `failed` or, after the bank took back what it had paid, `returned`.
    package var status = "accepted"
    /// The pending transfer that holds the money.
    package var transferId: String?
    package var since = Instant.earliest

    package init() {}

    package static let name = "withdrawal"
    package static let fields: RowFields<WithdrawalRow> = [
        .init("id", \.id), .init("userId", \.userId), .init("amount", \.amount), .init("currency", \.currency),
        .init("status", \.status), .init("transferId", \.transferId), .init("since", \.since),
    ]
}

/// The withdrawals of a user, oldest first; its key is the user.
package struct WithdrawerRow: Row {
    package var withdrawalIds: [String] = []

    package init() {}

    package static let name = "withdrawer"
    package static let fields: RowFields<WithdrawerRow> = [.init("withdrawalIds", \.withdrawalIds)]
}
