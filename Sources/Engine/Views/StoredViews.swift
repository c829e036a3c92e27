import AgentKit
package import EventLog
package import LMDB

/// What holds the rows of tables in their stored form.
package protocol RowSource {
    /// Calls `body` with the key and the stored form of each row of a table, in the order of their stored keys, until it
    /// returns false.
    /// - Throws: `LMDBError` where the table cannot be read.
    func rows(of table: String, _ body: (String, [UInt8]) -> Bool) throws(LMDBError)
}

/// `views/` as they lie on the disk, opened for reading beside a running service: one snapshot of every row.
package final class StoredViews: RowSource {
    private let views: ViewTables
    private let transaction: ReadTransaction
    /// The number of entries that the rows have folded.
    package let position: UInt64

    /// - Returns: nil where there are no views of this program's layout and of that log.
    /// - Throws: `LMDBError` where they cannot be read.
    package static func open(_ directory: DataDirectory, origin: String) throws(LMDBError) -> StoredViews? {
        try open(directory, origin: origin, count: 1).first
    }

    /// The same several times, each for a thread of its own.
    /// - Returns: none where there are no views of this program's layout and of that log.
    package static func open(
        _ directory: DataDirectory, origin: String, count: Int
    ) throws(LMDBError) -> [StoredViews] {
        guard directory.hasViews else { return [] }
        do throws(LMDBError) {
            let views = try ViewTables(directory: directory.views, names: Machine.tableNames, mapSize: nil)
            var all: [StoredViews] = []
            for transaction in try views.snapshots(count) {
                guard try views.identity(transaction) == ViewTables.identity(origin: origin) else { return [] }
                all.append(StoredViews(views, transaction, try views.mark(transaction).position))
            }
            return all
        } catch {
            guard error.code == .noTable else { throw error }
            return []
        }
    }

    private init(_ views: ViewTables, _ transaction: ReadTransaction, _ position: UInt64) {
        self.views = views
        self.transaction = transaction
        self.position = position
    }

    package func rows(of table: String, _ body: (String, [UInt8]) -> Bool) throws(LMDBError) {
        if let named = views.rows[table] { try named.forEachRow(transaction, body) }
    }

    /// Compares the index of words with those of a log's entries. Blocks that are missing hide nothing: whoever searches
    /// reads their entries.
    /// - Returns: the number of blocks compared, and those that differ by their first entry.
    /// - Throws: `LMDBError` where the index cannot be read.
    package func words(comparedWith log: EventLog) throws(LMDBError) -> (blocks: Int, different: [UInt64]) {
        var result: (blocks: Int, different: [UInt64]) = (0, [])
        var cursor = try transaction.cursor(views.words)
        var item = try cursor.first()
        while let found = item {
            let number = found.integerKey
            guard number < log.size / WordBlock.entries,
                let words = WordBlock.blocks(number..<number + 1, of: log)?.first
            else { return result }
            result.blocks += 1
            if unsafe !found.value.elementsEqual(words) { result.different.append(number * WordBlock.entries) }
            item = try cursor.next()
        }
        return result
    }
}
