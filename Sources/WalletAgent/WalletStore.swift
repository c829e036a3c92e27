package import AgentKit
package import Ledger

/// The ledger's store over the wallet's tables. Accounts are opened on first use. Only pending transfers are kept: an
/// id names the requesting entry and the transfer's number in it, so that no id repeats and none need be remembered.
package final class WalletStore: LedgerStore {
    private let accounts: Table<AccountRow>
    private let pendingTransfers: Table<PendingRow>
    private let journal: Journal

    init(_ accounts: Table<AccountRow>, _ pendingTransfers: Table<PendingRow>, _ journal: Journal) {
        self.accounts = accounts
        self.pendingTransfers = pendingTransfers
        self.journal = journal
    }

    /// A row and its key.
    package struct Found {
        let key: String
        let row: AccountRow
    }

    /// A mark of the journal.
    package struct Mark {
        let mark: Journal.Mark
    }

    package func find(_ id: String) -> Found? {
        (accounts[id] ?? AccountPath.opened(id).map(AccountRow.init)).map { Found(key: id, row: $0) }
    }

    package func account(_ found: borrowing Found) -> Account { found.row.account }

    package func set(_ account: Account, _ found: borrowing Found) {
        var row = found.row
        row.account = account
        accounts[found.key] = row
    }

    package func insert(_ account: Account, id: String) { accounts[id] = AccountRow(account) }

    package func transfer(_ id: String) -> StoredTransfer? { pendingTransfers[id]?.stored }

    package func insert(_ transfer: StoredTransfer) {
        guard let status = transfer.status else { return }
        pendingTransfers[transfer.transfer.id] = PendingRow(transfer, status: status)
    }

    package func setStatus(_ status: PendingStatus, of pendingId: String) {
        pendingTransfers.update(pendingId) { $0.status = status }
    }

    package func isBurnt(_ id: String) -> Bool { false }
    package func burn(_ id: String) {}
    package func mark() -> Mark { Mark(mark: journal.mark()) }
    package func undo(to mark: Mark) { journal.undo(to: mark.mark) }
    package func keep(_ mark: Mark) {}
}

/// A pending transfer and its status.
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
    /// The moment at which it expires; absent where it never does.
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
