package import AgentKit
package import Ledger

/// A pending transfer, and what became of it.
package struct PendingRow: Row {
    package var id = ""
    package var debitAccount = ""
    package var creditAccount = ""
    package var amount = Amount.zero
    package var currency = Currency.none
    package var code: Int64 = 0
    package var flags: TransferFlags = []
    package var timeoutSeconds: Int64 = 0
    package var status = PendingStatus.pending
    package var created = Instant.earliest
    /// When it expires; absent for never.
    package var due: Instant?
    package var purpose = ""
    package var reference = ""

    package init() {}

    package static let name = "pendingTransfer"
    package static let fields: RowFields<PendingRow> = [
        .init("id", \.id), .init("debitAccount", \.debitAccount), .init("creditAccount", \.creditAccount),
        .init("amount", \.amount), .init("currency", \.currency), .init("code", \.code), .init("flags", \.flags),
        .init("timeoutSeconds", \.timeoutSeconds), .init("status", \.status), .init("created", \.created),
        .init("due", \.due), .init("purpose", \.purpose), .init("reference", \.reference),
    ]
}

extension PendingRow {
    init(_ stored: StoredTransfer, status: PendingStatus) {
        let transfer = stored.transfer
        id = transfer.id
        debitAccount = transfer.debitAccount
        creditAccount = transfer.creditAccount
        amount = transfer.amount
        currency = transfer.currency
        code = transfer.code
        flags = transfer.flags
        timeoutSeconds = transfer.timeoutSeconds
        self.status = status
        created = stored.created
        due = stored.due
    }

    var stored: StoredTransfer {
        StoredTransfer(
            Transfer(
                id: id, debitAccount: debitAccount, creditAccount: creditAccount, amount: amount, currency: currency,
                code: code, timeoutSeconds: timeoutSeconds, flags: flags),
            status: status, created: created, due: due)
    }
}
