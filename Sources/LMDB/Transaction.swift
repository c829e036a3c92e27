import CLMDB

/// The operations common to read and write transactions.
package protocol Transaction: ~Copyable {
    /// LMDB's handle, valid while the transaction is.
    var handle: OpaquePointer { get }
}

extension Transaction where Self: ~Copyable {
    /// The value of a key, in place: valid until the transaction ends or, in a write transaction, the next change.
    /// - Throws: the `LMDBError` of the call; an absent key is nil.
    package func get(_ table: NamedTable, _ key: UnsafeRawBufferPointer) throws(LMDBError) -> UnsafeRawBufferPointer? {
        var k = unsafe MDB_val(key), v = unsafe MDB_val()
        let code = unsafe mdb_get(handle, table.dbi, &k, &v)
        if code == MDB_NOTFOUND { return nil }
        try check(code, "get", table: table.name)
        return unsafe v.bytes
    }

    /// The value of an integer key, in place.
    /// - Throws: the `LMDBError` of the call.
    package func get(_ table: NamedTable, _ key: UInt64) throws(LMDBError) -> UnsafeRawBufferPointer? {
        var key = key
        var v = unsafe MDB_val()
        let code = unsafe withUnsafeMutableBytes(of: &key) { bytes in
            var k = unsafe MDB_val(UnsafeRawBufferPointer(bytes))
            return unsafe mdb_get(handle, table.dbi, &k, &v)
        }
        if code == MDB_NOTFOUND { return nil }
        try check(code, "get", table: table.name)
        return unsafe v.bytes
    }

    /// A copy of the value of a key.
    /// - Throws: the `LMDBError` of the call.
    package func get(_ table: NamedTable, _ key: [UInt8]) throws(LMDBError) -> [UInt8]? {
        unsafe try key.withBytes { bytes throws(LMDBError) -> [UInt8]? in
            unsafe try get(table, bytes).map { unsafe [UInt8]($0) }
        }
    }

    /// The number of keys in a table.
    /// - Throws: the `LMDBError` of the call.
    package func count(_ table: NamedTable) throws(LMDBError) -> Int {
        var stat = MDB_stat()
        try check(unsafe mdb_stat(handle, table.dbi, &stat), "count", table: table.name)
        return stat.ms_entries
    }
}

extension MDB_val {
    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.init(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }

    var bytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: mv_data, count: mv_size)
    }
}

/// A snapshot of an environment. It may move between threads, but serves one at a time.
///
/// Between uses, `reset` a long-lived one, which lets the writer reuse old pages, and `renew` it for the newest commit.
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

    /// Releases the snapshot but keeps the reader slot; pointers read before become invalid.
    package func reset() {
        guard !isReset else { return }
        unsafe mdb_txn_reset(handle)
        isReset = true
    }

    /// Takes a snapshot of the newest commit after releasing the previous one.
    /// - Throws: the `LMDBError` of the call; the transaction stays reset.
    package func renew() throws(LMDBError) {
        reset()
        try check(unsafe mdb_txn_renew(handle), "renew")
        isReset = false
    }

    /// The number of the commit whose state this is.
    package var commitNumber: Int { unsafe Int(mdb_txn_id(handle)) }

    /// A cursor over a table, valid for this snapshot.
    /// - Throws: the `LMDBError` of the call.
    package func cursor(_ table: NamedTable) throws(LMDBError) -> Cursor { try Cursor(self, table, keeping: self) }
}

/// A position in a table's key order. A move returns nil past the first or the last key, and throws the `LMDBError` of
/// the call.
@safe package struct Cursor: ~Copyable {
    /// A key and its value, in place: valid until the transaction ends or, in a write transaction, the next change.
    @safe package struct Item {
        /// The key's bytes.
        package let key: UnsafeRawBufferPointer
        /// The value's bytes.
        package let value: UnsafeRawBufferPointer

        /// The key of a table with integer keys; the greatest for a key of another length, which a damaged file may have.
        package var integerKey: UInt64 { unsafe key.count == 8 ? key.loadUnaligned(as: UInt64.self) : .max }
    }

    private let handle: OpaquePointer
    private let table: NamedTable
    private let transaction: ReadTransaction?

    init(_ transaction: borrowing some Transaction & ~Copyable, _ table: NamedTable, keeping: ReadTransaction?)
        throws(LMDBError)
    {
        var cursor: OpaquePointer?
        try check(unsafe mdb_cursor_open(transaction.handle, table.dbi, &cursor), "open cursor", table: table.name)
        guard let cursor = unsafe cursor else { throw LMDBError(.other, "open cursor") }
        unsafe handle = cursor
        self.table = table
        self.transaction = keeping
    }

    deinit { unsafe mdb_cursor_close(handle) }

    /// Goes to the first key.
    package mutating func first() throws(LMDBError) -> Item? { unsafe try move(MDB_FIRST, MDB_val()) }
    /// Goes to the last key.
    package mutating func last() throws(LMDBError) -> Item? { unsafe try move(MDB_LAST, MDB_val()) }
    /// Goes to the next key.
    package mutating func next() throws(LMDBError) -> Item? { unsafe try move(MDB_NEXT, MDB_val()) }
    /// Goes to the previous key.
    package mutating func previous() throws(LMDBError) -> Item? { unsafe try move(MDB_PREV, MDB_val()) }

    /// Goes to the first key that is at least `key`.
    package mutating func seek(_ key: UnsafeRawBufferPointer) throws(LMDBError) -> Item? {
        unsafe try move(MDB_SET_RANGE, MDB_val(key))
    }

    /// Goes to the first key that is at least `key`.
    package mutating func seek(_ key: [UInt8]) throws(LMDBError) -> Item? {
        unsafe try key.withBytes { bytes throws(LMDBError) -> Item? in unsafe try seek(bytes) }
    }

    /// Goes to the first integer key that is at least `key`.
    package mutating func seek(_ key: UInt64) throws(LMDBError) -> Item? {
        unsafe try withUnsafeBytes(of: key) { bytes throws(LMDBError) -> Item? in unsafe try seek(bytes) }
    }

    private mutating func move(_ operation: MDB_cursor_op, _ from: MDB_val) throws(LMDBError) -> Item? {
        var key = unsafe from, value = unsafe MDB_val()
        let code = unsafe mdb_cursor_get(handle, &key, &value, operation)
        if code == MDB_NOTFOUND { return nil }
        try check(code, "move cursor", table: table.name)
        return unsafe Item(key: key.bytes, value: value.bytes)
    }
}

extension [UInt8] {
    /// Lends the bytes in place, with typed throws.
    /// - Throws: what `body` throws.
    @inlinable package func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        unsafe try withUnsafeBufferPointer { buffer throws(E) -> R in
            unsafe try body(UnsafeRawBufferPointer(buffer))
        }
    }
}
