/// Where tables find the rows they do not hold in memory, and where changes are written behind.
package protocol TableStore: AnyObject {
    /// The stored bytes of one row.
    func row(_ table: String, _ key: String) -> [UInt8]?
    /// Visits stored keys in byte order from the first one not before `from`, until `body` says false.
    func keys(_ table: String, from: String, _ body: (String) -> Bool)
}

/// What one table changed since it was last written, for the writer behind. Nil bytes delete a row.
package struct TableChanges: Sendable {
    package let table: String
    package let count: Int
    /// Encodes the changes in key order; called on the writer's own thread.
    package let encoded: @Sendable () -> [(key: String, value: [UInt8]?)]
}
