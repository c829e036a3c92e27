import CLMDB

/// A snapshot of an environment. It may move between threads, but serves one at a time.
///
/// A long-lived one is `reset` between uses, which lets the writer reuse old pages, and `renew`ed for the newest commit.
@safe package final class ReadTransaction: Transaction {
    /// LMDB's handle.
    package let handle: OpaquePointer
    private let environment: Environment
    private var isReset = false

    init(_ environment: Environment) throws(LMDBError) {
        self.environment = environment
        var txn: OpaquePointer?
        try check(unsafe mdb_txn_begin(environment.env, nil, UInt32(MDB_RDONLY), &txn), "begin")
        guard let txn = unsafe txn else { throw LMDBError(.other, "begin") }
        unsafe handle = txn
    }

    deinit { unsafe mdb_txn_abort(handle) }

    /// Lets go of the snapshot but keeps the reader slot; pointers read before are no longer valid.
    package func reset() {
        guard !isReset else { return }
        unsafe mdb_txn_reset(handle)
        isReset = true
    }

    /// Takes a snapshot of the newest commit, after letting go of the one before.
    package func renew() throws(LMDBError) {
        reset()
        try check(unsafe mdb_txn_renew(handle), "renew")
        isReset = false
    }

    /// A cursor over a table, good for this snapshot.
    package func cursor(_ table: NamedTable) throws(LMDBError) -> Cursor { try Cursor(self, table, keeping: self) }
}
