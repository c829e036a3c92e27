import CLMDB

extension Environment {
    /// The names of the tables in the file, as bytes in order, at most `most` of them: also of those that nobody opened.
    package func tableNames(most: Int) throws(LMDBError) -> [[UInt8]] {
        var txn: OpaquePointer?
        try check(unsafe mdb_txn_begin(env, nil, UInt32(MDB_RDONLY), &txn), "begin")
        defer { unsafe mdb_txn_abort(txn) }
        var dbi: MDB_dbi = 0
        try check(unsafe mdb_dbi_open(txn, nil, 0, &dbi), "open table of tables")
        var cursor: OpaquePointer?
        try check(unsafe mdb_cursor_open(txn, dbi, &cursor), "open cursor")
        defer { unsafe mdb_cursor_close(cursor) }
        var names: [[UInt8]] = []
        var key = unsafe MDB_val(), value = unsafe MDB_val()
        var code = unsafe mdb_cursor_get(cursor, &key, &value, MDB_FIRST)
        while code == 0, names.count < most {
            unsafe names.append([UInt8](key.bytes))
            code = unsafe mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
        }
        if code != 0, code != MDB_NOTFOUND { try check(code, "move cursor") }
        return names
    }
}

extension ReadTransaction {
    /// Indicates that the file keeps a table in the order of keys for which it was opened, with one value a key. LMDB
    /// opens a table in the order that the file states, whatever was asked for.
    package func isInOrder(_ table: NamedTable) throws(LMDBError) -> Bool {
        var flags: UInt32 = 0
        try check(unsafe mdb_dbi_flags(handle, table.dbi, &flags), "read flags", table: table.name)
        return flags == (table.keys == .integer ? UInt32(MDB_INTEGERKEY) : 0)
    }
}
