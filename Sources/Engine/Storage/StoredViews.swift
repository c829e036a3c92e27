import AgentKit
package import LMDB

/// `views/` as they lie on the disk, opened for reading beside a running service: one snapshot of every row.
package final class StoredViews {
    private let tables: [String: NamedTable]
    private let transaction: ReadTransaction
    /// The number of entries that the rows have folded.
    package let position: UInt64

    /// - Returns: nil where there are no views of this program's layout and of that log.
    /// - Throws: `LMDBError` where they cannot be read.
    package static func open(_ directory: DataDirectory, origin: String) throws(LMDBError) -> StoredViews? {
        guard directory.hasViews else { return nil }
        var options = LMDB.Environment.Options()
        options.isReadOnly = true
        options.mapSize = 0
        options.maxTables = UInt32(Machine.tableNames.count + 8)
        let environment = try LMDB.Environment(path: directory.views, options: options)
        do throws(LMDBError) {
            let meta = try environment.table("meta")
            var tables: [String: NamedTable] = [:]
            for name in Machine.tableNames { tables[name] = try environment.table("rows." + name) }
            // A transaction knows only the tables that were opened before it began.
            let transaction = try environment.read()
            guard try transaction.get(meta, Array("identity".utf8)) == Array(ViewStore.identity(of: origin).utf8) else {
                return nil
            }
            let position = try transaction.get(meta, Array("position".utf8))
            return StoredViews(
                tables, transaction, position.flatMap { UInt64(String(decoding: $0, as: UTF8.self)) } ?? 0)
        } catch {
            guard error.code == .noTable else { throw error }
            return nil
        }
    }

    private init(_ tables: [String: NamedTable], _ transaction: ReadTransaction, _ position: UInt64) {
        self.tables = tables
        self.transaction = transaction
        self.position = position
    }

    /// Calls `body` with the key and the stored form of each row of a table, in the order of their stored keys, until it
    /// returns false.
    /// - Throws: `LMDBError` where the table cannot be read.
    package func rows(of table: String, _ body: (String, [UInt8]) -> Bool) throws(LMDBError) {
        guard let named = tables[table] else { return }
        var cursor = try transaction.cursor(named)
        var item = try cursor.first()
        while let found = item {
            let key = unsafe ViewKey.key(found.key, found.value)
            let value = unsafe [UInt8](found.value)
            guard body(key, key.utf8.count > ViewKey.plainBytesMax ? ViewKey.unwrapped(value) : value) else { return }
            item = try cursor.next()
        }
    }
}
