package import AgentKit

/// What one account was paid out of an escrow.
package struct ReleasePart: Row {
    package var account = ""
    package var amount = Amount.zero

    package init() {}

    init(_ transfer: TransferPosted.Transfer) { self.init(transfer.creditAccount, Amount(transfer.amount)) }

    init(_ account: String, _ amount: Amount) {
        self.account = account
        self.amount = amount
    }

    package static let name = "releasePart"
    package static let fields: RowFields<ReleasePart> = [.init("account", \.account), .init("amount", \.amount)]
}
