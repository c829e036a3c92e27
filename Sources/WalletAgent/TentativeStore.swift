import AgentKit
package import Ledger

/// Accounts as they would be after a trial of plain transfers: changes are kept beside the table and dropped at the
/// next trial, so that nothing need be undone.
package final class TentativeStore: LedgerStore {
    private let accounts: Table<AccountRow>
    /// The number of the current trial.
    private var trial: UInt32 = 0
    /// By place in the table, the account as the last trial that changed it left it.
    private var tried: [Tried] = []

    /// Accounts that a trial opens, by their index in `opened`: a trial may be refused, so they get no place in the
    /// table.
    private var unopened: [String: Int] = [:]
    private var opened: [Account] = []

    /// By place, the number of the holders' last change when the account's holder was found to be one.
    private var held: [UInt64?] = []
    private var placing: UInt64 = 0

    private struct Tried {
        let trial: UInt32
        let account: Account
    }

    init(_ accounts: Table<AccountRow>) { self.accounts = accounts }

    /// An account and its place in the table; `~index` for one in `opened`.
    package struct Found {
        let place: Int
        let account: Account
    }

    package struct Mark {}

    /// Starts a trial, dropping the one before.
    func begin() {
        if trial == .max { tried = [] }
        trial = trial == .max ? 1 : trial + 1
        if accounts.placing != placing {
            placing = accounts.placing
            held = []
        }
        guard !opened.isEmpty else { return }
        unopened = [:]
        opened = []
    }

    package func find(_ id: String) -> Found? {
        unsafe KeyIndex.withBytes(of: id) { bytes in
            guard let place = unsafe accounts.knownPlace(bytes) else { return unsafe open(id, bytes) }
            if place < tried.count {
                let last = tried[place]
                if last.trial == trial { return Found(place: place, account: last.account) }
            }
            guard let row = unsafe accounts.row(at: place, bytes) else { return unsafe open(id, bytes) }
            return Found(place: place, account: row.account)
        }
    }

    /// Returns an account without a row in memory: one opened in this trial, read from the stored table, or opened now.
    private func open(_ id: String, _ bytes: UnsafeRawBufferPointer) -> Found? {
        if let known = unopened[id] { return Found(place: ~known, account: opened[known]) }
        if let row = unsafe accounts.row(bytes) {
            return unsafe Found(place: accounts.place(bytes), account: row.account)
        }
        guard let account = AccountPath.opened(id) else { return nil }
        unopened[id] = opened.count
        opened.append(account)
        return Found(place: ~(opened.count - 1), account: account)
    }

    /// Returns true if the account's holder was found to be known since that change of the holders, their last one.
    func isHeld(_ found: borrowing Found, since change: UInt64) -> Bool {
        let place = found.place
        return place >= 0 && place < held.count && held[place] == change
    }

    /// Remembers that the account's holder is known, until the holders change again.
    func noteHeld(_ found: borrowing Found, since change: UInt64) {
        let place = found.place
        guard place >= 0 else { return }
        if place >= held.count {
            held.append(contentsOf: repeatElement(nil, count: accounts.rows.entries.count - held.count))
        }
        held[place] = change
    }

    package func account(_ found: borrowing Found) -> Account { found.account }

    package func set(_ account: Account, _ found: borrowing Found) {
        let place = found.place
        guard place >= 0 else {
            opened[~place] = account
            return
        }
        if place >= tried.count {
            let more = accounts.rows.entries.count - tried.count
            tried.append(contentsOf: repeatElement(Tried(trial: 0, account: account), count: more))
        }
        tried[place] = Tried(trial: trial, account: account)
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
