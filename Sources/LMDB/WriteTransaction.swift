import CLMDB
import Glibc

/// The one open write transaction of an environment. Unless it ends in `commit()`, it has no effect.
///
/// Bound to the thread that began it.
@safe package struct WriteTransaction: ~Copyable, Transaction {
    private var txn: OpaquePointer?
    private let environment: Environment

    /// LMDB's handle.
    package var handle: OpaquePointer { unsafe txn! }

    init(_ environment: Environment) throws(LMDBError) {
        self.environment = environment
        if let fault = environment.faults?.next(.begin) { throw LMDBError(fault.code, "begin") }
        var opened: OpaquePointer?
        try check(unsafe mdb_txn_begin(environment.env, nil, 0, &opened), "begin")
        unsafe txn = opened
    }

    deinit { if let txn = unsafe txn { unsafe mdb_txn_abort(txn) } }

    /// Makes the change visible and, in a synced environment, durable.
    ///
    /// Before it returns the disk holds the old state, afterwards the new one. A power cut in between leaves one of the
    /// two; after an error the caller must read back which.
    /// - Throws: the `LMDBError` of the call, `noSpace` where the disk is full.
    package consuming func commit() throws(LMDBError) {
        let fault = environment.faults?.next(.commit)
        if let fault, fault.effect == .lost { throw LMDBError(fault.code, "commit") }
        let ending = unsafe txn
        unsafe txn = nil
        let code = unsafe mdb_txn_commit(ending)
        // A disk that fills up during a write cuts it short, which LMDB reports as an input/output error.
        if code == EIO, environment.isDiskFull { throw LMDBError(ENOSPC, "commit") }
        try check(code, "commit")
        if let fault { throw LMDBError(fault.code, "commit") }
    }

    /// Options for storing a value.
    package struct PutOptions: OptionSet, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }
        /// The key must be above all keys of the table, else `keyExists`; fast, and a check of order.
        package static let append = PutOptions(rawValue: UInt32(MDB_APPEND))
        /// The key must not exist, else `keyExists`.
        package static let insert = PutOptions(rawValue: UInt32(MDB_NOOVERWRITE))
    }

    /// Stores a value under a key.
    /// - Throws: the `LMDBError` of the call: `keyExists` by the options, `badSize` for a key of no or too many bytes,
    ///   `mapFull` where there is no room.
    package func put(
        _ table: NamedTable, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ options: PutOptions = []
    ) throws(LMDBError) {
        var k = unsafe MDB_val(key), v = unsafe MDB_val(value)
        unsafe try put(table, &k, &v, options.rawValue)
    }

    /// Stores a value under an integer key.
    /// - Throws: the `LMDBError` of the call: `keyExists` by the options, `badSize` for a key of no or too many bytes,
    ///   `mapFull` where there is no room.
    package func put(
        _ table: NamedTable, _ key: UInt64, _ value: UnsafeRawBufferPointer, _ options: PutOptions = []
    ) throws(LMDBError) {
        unsafe try withUnsafeBytes(of: key) { bytes throws(LMDBError) in
            unsafe try put(table, bytes, value, options)
        }
    }

    /// Stores a value under a key.
    /// - Throws: the `LMDBError` of the call: `keyExists` by the options, `badSize` for a key of no or too many bytes,
    ///   `mapFull` where there is no room.
    package func put(_ table: NamedTable, _ key: [UInt8], _ value: [UInt8], _ options: PutOptions = [])
        throws(LMDBError)
    {
        unsafe try key.withBytes { k throws(LMDBError) in
            unsafe try value.withBytes { v throws(LMDBError) in unsafe try put(table, k, v, options) }
        }
    }

    /// Makes room for a value of `count` bytes under a key and returns it to be filled before the next change.
    /// - Throws: the `LMDBError` of the call: `keyExists` by the options, `badSize` for a key of no or too many bytes,
    ///   `mapFull` where there is no room.
    package func putReserve(
        _ table: NamedTable, _ key: UnsafeRawBufferPointer, count: Int, _ options: PutOptions = []
    ) throws(LMDBError) -> UnsafeMutableRawBufferPointer {
        var k = unsafe MDB_val(key), v = unsafe MDB_val(mv_size: count, mv_data: nil)
        unsafe try put(table, &k, &v, options.rawValue | UInt32(MDB_RESERVE))
        return unsafe UnsafeMutableRawBufferPointer(start: v.mv_data, count: v.mv_size)
    }

    /// Makes room for a value of `count` bytes under an integer key and returns it to be filled before the next change.
    /// - Throws: the `LMDBError` of the call: `keyExists` by the options, `badSize` for a key of no or too many bytes,
    ///   `mapFull` where there is no room.
    package func putReserve(
        _ table: NamedTable, _ key: UInt64, count: Int, _ options: PutOptions = []
    ) throws(LMDBError) -> UnsafeMutableRawBufferPointer {
        unsafe try withUnsafeBytes(of: key) { bytes throws(LMDBError) in
            unsafe try putReserve(table, bytes, count: count, options)
        }
    }

    /// Removes a key; returns false if it was not there.
    /// - Throws: the `LMDBError` of the call.
    @discardableResult
    package func delete(_ table: NamedTable, _ key: UnsafeRawBufferPointer) throws(LMDBError) -> Bool {
        let fault = environment.faults?.next(.delete)
        if let fault, fault.effect == .lost { throw LMDBError(fault.code, "delete", table: table.name) }
        var k = unsafe MDB_val(key)
        let code = unsafe mdb_del(handle, table.dbi, &k, nil)
        if code == MDB_NOTFOUND { return false }
        try check(code, "delete", table: table.name)
        if let fault { throw LMDBError(fault.code, "delete", table: table.name) }
        return true
    }

    /// Removes a key; returns false if it was not there.
    /// - Throws: the `LMDBError` of the call.
    @discardableResult
    package func delete(_ table: NamedTable, _ key: [UInt8]) throws(LMDBError) -> Bool {
        unsafe try key.withBytes { bytes throws(LMDBError) in unsafe try delete(table, bytes) }
    }

    /// Removes an integer key; returns false if it was not there.
    /// - Throws: the `LMDBError` of the call.
    @discardableResult
    package func delete(_ table: NamedTable, _ key: UInt64) throws(LMDBError) -> Bool {
        unsafe try withUnsafeBytes(of: key) { bytes throws(LMDBError) in unsafe try delete(table, bytes) }
    }

    /// Removes every key of a table.
    /// - Throws: the `LMDBError` of the call.
    package func removeAll(_ table: NamedTable) throws(LMDBError) {
        try check(unsafe mdb_drop(handle, table.dbi, 0), "empty", table: table.name)
    }

    /// Runs a body with a cursor over a table; the cursor closes before the transaction can end.
    /// - Throws: what `body` throws, or the `LMDBError` of opening the cursor.
    package func withCursor<R>(
        _ table: NamedTable, _ body: (inout Cursor) throws(LMDBError) -> R
    ) throws(LMDBError) -> R {
        var cursor = try Cursor(self, table, keeping: nil)
        return try body(&cursor)
    }

    private func put(
        _ table: NamedTable, _ key: inout MDB_val, _ value: inout MDB_val, _ flags: UInt32
    ) throws(LMDBError) {
        let fault = environment.faults?.next(.put)
        if let fault, fault.effect == .lost { throw LMDBError(fault.code, "put", table: table.name) }
        try check(unsafe mdb_put(handle, table.dbi, &key, &value, flags), "put", table: table.name)
        if let fault { throw LMDBError(fault.code, "put", table: table.name) }
    }
}
