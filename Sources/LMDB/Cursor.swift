import CLMDB

/// A position in a table's key order.
@safe package struct Cursor: ~Copyable {
    /// A key and its value, in place: valid until the transaction ends or, in a write transaction, the next change.
    @safe package struct Item {
        /// The key's bytes.
        package let key: UnsafeRawBufferPointer
        /// The value's bytes.
        package let value: UnsafeRawBufferPointer

        /// The key of a table with integer keys.
        package var integerKey: UInt64 { unsafe key.loadUnaligned(as: UInt64.self) }
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
    /// Goes to the key after.
    package mutating func next() throws(LMDBError) -> Item? { unsafe try move(MDB_NEXT, MDB_val()) }
    /// Goes to the key before.
    package mutating func previous() throws(LMDBError) -> Item? { unsafe try move(MDB_PREV, MDB_val()) }

    /// Goes to the first key that is not below `key`.
    package mutating func seek(_ key: UnsafeRawBufferPointer) throws(LMDBError) -> Item? {
        unsafe try move(MDB_SET_RANGE, MDB_val(key))
    }

    /// Goes to the first key that is not below `key`.
    package mutating func seek(_ key: [UInt8]) throws(LMDBError) -> Item? {
        unsafe try key.withBytes { bytes throws(LMDBError) -> Item? in unsafe try seek(bytes) }
    }

    /// Goes to the first integer key that is not below `key`.
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
