import CLMDB

/// What read and write transactions have in common.
package protocol Transaction: ~Copyable {
    /// LMDB's handle, valid while the transaction is.
    var handle: OpaquePointer { get }
}

extension Transaction where Self: ~Copyable {
    /// The value of a key, in place: valid until the transaction ends or, in a write transaction, the next change.
    package func get(_ table: NamedTable, _ key: UnsafeRawBufferPointer) throws(LMDBError) -> UnsafeRawBufferPointer? {
        var k = unsafe MDB_val(key), v = unsafe MDB_val()
        let code = unsafe mdb_get(handle, table.dbi, &k, &v)
        if code == MDB_NOTFOUND { return nil }
        try check(code, "get", table: table.name)
        return unsafe v.bytes
    }

    /// The value of an integer key, in place.
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
    package func get(_ table: NamedTable, _ key: [UInt8]) throws(LMDBError) -> [UInt8]? {
        unsafe try key.withBytes { bytes throws(LMDBError) -> [UInt8]? in
            unsafe try get(table, bytes).map { unsafe [UInt8]($0) }
        }
    }

    /// How many keys a table holds.
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
