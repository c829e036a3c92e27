import AgentKit
package import Ledger

/// The ledger's store over the wallet's tables. Accounts are opened on first use. Only pending transfers are kept: an
/// id names the entry that asked for it and its place there, so none can repeat and none need be remembered.
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

    /// The journal's mark.
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
