/// Where a ledger keeps its accounts and transfers. Specialised at compile time: it stands on the hot path.
@usableFromInline package protocol LedgerStore: AnyObject {
    /// An account that was looked up once.
    associatedtype Found
    /// A point to which everything can be taken back.
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

    /// Whether a transfer of that id was refused with a transient code.
    func isBurnt(_ id: String) -> Bool
    /// Never taken back.
    func burn(_ id: String)

    func mark() -> Mark
    /// Takes back every change since the mark but burnt ids.
    func undo(to mark: Mark)
    /// Ends a mark, keeping what was done.
    func keep(_ mark: Mark)
}
