/// Where tables find the rows they do not hold in memory, and where changes are written behind.
package protocol TableStore: AnyObject {
    /// The stored rows of one table.
    func rows(of table: String) -> any StoredRows
}

/// The stored rows of one table.
package protocol StoredRows: AnyObject {
    /// The stored bytes of one row, whose key is given as UTF-8.
    func row(_ key: UnsafeRawBufferPointer) -> [UInt8]?
    /// Visits stored keys in byte order from the first one not before `from`, until `body` says false.
    func forEachKey(from: String, _ body: (String) -> Bool)
}

/// What one table changed since it was last written, for the writer behind. Nil bytes delete a row.
package struct TableChanges: Sendable {
    package let table: String
    package let count: Int
    /// Encodes the changes in key order; called on the writer's own thread.
    package let encoded: @Sendable () -> [(key: String, value: [UInt8]?)]
}
