package import AgentKit

/// A store of accounts and transfers. Specialised at compile time: it stands on the hot path.
@usableFromInline package protocol LedgerStore: AnyObject {
    /// An account that was looked up once.
    associatedtype Found
    /// A savepoint.
    associatedtype Mark

    /// The account of that id; nil where there is none and none may be opened.
    func find(_ id: String) -> Found?
    func account(_ found: borrowing Found) -> Account
    /// Replaces an account that was found.
    func set(_ account: Account, _ found: borrowing Found)
    func insert(_ account: Account, id: String)

    /// The stored transfer of that id.
    func transfer(_ id: String) -> StoredTransfer?
    func insert(_ transfer: StoredTransfer)
    func setStatus(_ status: PendingStatus, of pendingId: String)

    /// Returns true if a transfer of that id was refused with a transient code.
    func isBurnt(_ id: String) -> Bool
    /// Marks an id as burnt, which is never undone.
    func burn(_ id: String)

    func mark() -> Mark
    /// Undoes every change since the mark but burnt ids.
    func undo(to mark: Mark)
    /// Ends a mark, keeping what was done.
    func keep(_ mark: Mark)
}

/// Accounts and every transfer in memory: for what-if runs and tests.
@usableFromInline package final class MemoryLedger: LedgerStore {
    private enum Change {
        case account(Int, Account)
        case newAccount(String)
        case newTransfer(String)
        case status(String, PendingStatus?)
    }

    @usableFromInline var places: [String: Int] = [:]
    @usableFromInline var accounts: [Account] = []
    private var transfers: [String: StoredTransfer] = [:]
    private var order: [String] = []
    private var burnt: Set<String> = []
    private var changes: [Change] = []
    @usableFromInline var openMarks = 0

    package init() {}

    @usableFromInline package struct Mark {
        let depth: Int
    }

    @inlinable package func find(_ id: String) -> Int? { places[id] }
    @inlinable package func account(_ found: borrowing Int) -> Account { accounts[found] }
    @inlinable package func set(_ account: Account, _ found: borrowing Int) {
        if openMarks > 0 { note(found) }
        accounts[found] = account
    }

    @usableFromInline func note(_ place: Int) { changes.append(.account(place, accounts[place])) }

    @usableFromInline package func insert(_ account: Account, id: String) {
        if openMarks > 0 { changes.append(.newAccount(id)) }
        places[id] = accounts.count
        accounts.append(account)
    }

    @usableFromInline package func transfer(_ id: String) -> StoredTransfer? { transfers[id] }

    @usableFromInline package func insert(_ transfer: StoredTransfer) {
        if openMarks > 0 { changes.append(.newTransfer(transfer.transfer.id)) }
        transfers[transfer.transfer.id] = transfer
        if transfer.due != nil { order.append(transfer.transfer.id) }
    }

    @usableFromInline package func setStatus(_ status: PendingStatus, of pendingId: String) {
        if openMarks > 0 { changes.append(.status(pendingId, transfers[pendingId]?.status)) }
        transfers[pendingId]?.status = status
    }

    @usableFromInline package func isBurnt(_ id: String) -> Bool { burnt.contains(id) }
    @usableFromInline package func burn(_ id: String) { burnt.insert(id) }

    /// The account of that id.
    package subscript(account id: String) -> Account? { places[id].map { accounts[$0] } }

    /// The pending transfers that are due by then, in the order in which they expire.
    package func due(by now: Instant) -> [String] {
        let due = order.enumerated().compactMap { position, id -> (due: Instant, position: Int, id: String)? in
            guard let stored = transfers[id], stored.status == .pending, let due = stored.due, due <= now else {
                return nil
            }
            return (due, position, id)
        }
        return due.sorted { ($0.due, $0.position) < ($1.due, $1.position) }.map(\.id)
    }

    @usableFromInline package func mark() -> Mark {
        openMarks += 1
        return Mark(depth: changes.count)
    }

    @usableFromInline package func keep(_ mark: Mark) {
        openMarks -= 1
        if openMarks == 0 { changes.removeAll(keepingCapacity: true) }
    }

    @usableFromInline package func undo(to mark: Mark) {
        while changes.count > mark.depth {
            switch changes.removeLast() {
            case .account(let place, let before): accounts[place] = before
            case .newAccount(let id):
                places[id] = nil
                accounts.removeLast()
            case .newTransfer(let id):
                if transfers.removeValue(forKey: id)?.due != nil { order.removeLast() }
            case .status(let id, let before): transfers[id]?.status = before
            }
        }
        openMarks -= 1
    }
}
