import AgentKit
package import Ledger

/// Accounts as they would be after a trial of plain transfers: changes are kept beside the table and dropped at the
/// next trial, so that nothing need be undone.
package final class TentativeStore: LedgerStore {
    private let accounts: Table<AccountRow>
    /// The number of the current trial.
    private var trial: UInt32 = 0
    /// By slot in the table, the account as the last trial that changed it left it.
    private var tried: [Tried] = []

    /// Accounts that a trial opens, by their index in `opened`: a trial may be refused, so they get no slot in the
    /// table.
    private var unopened: [String: Int] = [:]
    private var opened: [Account] = []

    /// By slot, the number of the holders' last change when the account's holder was found to be one.
    private var held: [UInt64?] = []
    private var slotGeneration: UInt64 = 0

    private struct Tried {
        let trial: UInt32
        let account: Account
    }

    init(_ accounts: Table<AccountRow>) { self.accounts = accounts }

    /// An account and its slot in the table; `~index` for one in `opened`.
    package struct Found {
        let slot: Int
        let account: Account
    }

    package struct Mark {}

    /// Starts a trial, dropping the one before.
    func begin() {
        if trial == .max { tried = [] }
        trial = trial == .max ? 1 : trial + 1
        if accounts.slotGeneration != slotGeneration {
            slotGeneration = accounts.slotGeneration
            held = []
        }
        guard !opened.isEmpty else { return }
        unopened = [:]
        opened = []
    }

    package func find(_ id: String) -> Found? {
        unsafe KeyIndex.withBytes(of: id) { bytes in
            guard let slot = unsafe accounts.knownSlot(bytes) else { return unsafe open(id, bytes) }
            if slot < tried.count {
                let last = tried[slot]
                if last.trial == trial { return Found(slot: slot, account: last.account) }
            }
            guard let row = unsafe accounts.row(at: slot, bytes) else { return unsafe open(id, bytes) }
            return Found(slot: slot, account: row.account)
        }
    }

    /// Returns an account without a row in memory: one opened in this trial, read from the stored table, or opened now.
    private func open(_ id: String, _ bytes: UnsafeRawBufferPointer) -> Found? {
        if let known = unopened[id] { return Found(slot: ~known, account: opened[known]) }
        if let row = unsafe accounts.row(bytes) {
            return unsafe Found(slot: accounts.slot(bytes), account: row.account)
        }
        guard let account = AccountPath.opened(id) else { return nil }
        unopened[id] = opened.count
        opened.append(account)
        return Found(slot: ~(opened.count - 1), account: account)
    }

    /// Returns true if the account's holder was found to be known since that change of the holders, their last one.
    func isHeld(_ found: borrowing Found, since change: UInt64) -> Bool {
        let slot = found.slot
        return slot >= 0 && slot < held.count && held[slot] == change
    }

    /// Remembers that the account's holder is known, until the holders change again.
    func noteHeld(_ found: borrowing Found, since change: UInt64) {
        let slot = found.slot
        guard slot >= 0 else { return }
        if slot >= held.count {
            held.append(contentsOf: repeatElement(nil, count: accounts.rows.entries.count - held.count))
        }
        held[slot] = change
    }

    package func account(_ found: borrowing Found) -> Account { found.account }

    package func set(_ account: Account, _ found: borrowing Found) {
        let slot = found.slot
        guard slot >= 0 else {
            opened[~slot] = account
            return
        }
        if slot >= tried.count {
            let more = accounts.rows.entries.count - tried.count
            tried.append(contentsOf: repeatElement(Tried(trial: 0, account: account), count: more))
        }
        tried[slot] = Tried(trial: trial, account: account)
    }

    package func insert(_ account: Account, id: String) {}
    package func transfer(_ id: String) -> StoredTransfer? { nil }
    package func insert(_ transfer: StoredTransfer) {}
    package func setStatus(_ status: PendingStatus, of pendingId: String) {}
    package func isBurnt(_ id: String) -> Bool { false }
    package func burn(_ id: String) {}
    package func mark() -> Mark { Mark() }
    package func undo(to mark: Mark) {}
    package func keep(_ mark: Mark) {}
}
