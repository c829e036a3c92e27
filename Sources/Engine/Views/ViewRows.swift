import AgentKit
import LMDB

/// The rows of one table in `views/`, as the reader's snapshot has them.
final class ViewRows: StoredRows {
    private let table: NamedTable
    private let reader: ReadTransaction

    init(_ table: NamedTable, _ reader: ReadTransaction) {
        self.table = table
        self.reader = reader
    }

    func row(_ key: UnsafeRawBufferPointer) -> [UInt8]? {
        guard key.count <= ViewKey.plainBytesMax else {
            let key = unsafe String(decoding: key, as: UTF8.self)
            return read { () throws(LMDBError) in try reader.get(table, ViewKey.stored(key)) }.map(ViewKey.unwrapped)
        }
        return unsafe withUnsafeTemporaryAllocation(byteCount: key.count + 1, alignment: 1) { stored in
            unsafe stored[0] = ViewKey.mark
            unsafe UnsafeMutableRawBufferPointer(rebasing: stored[1...]).copyMemory(from: key)
            return read { () throws(LMDBError) in
                unsafe try reader.get(table, UnsafeRawBufferPointer(stored)).map { unsafe [UInt8]($0) }
            }
        }
    }

    /// A row that cannot be read is not one that is missing: deciding without it would be wrong for ever. The next start
    /// makes the views again.
    private func read<R: ~Copyable>(_ body: () throws(LMDBError) -> R) -> R {
        do throws(LMDBError) { return try body() } catch {
            Notice.end("\(error), in table `\(table.name)` of the views")
        }
    }

    func forEachKey(from: String, _ body: (String) -> Bool) {
        var cursor = read { () throws(LMDBError) in try reader.cursor(table) }
        var item = read { () throws(LMDBError) in try from.isEmpty ? cursor.first() : cursor.seek(ViewKey.stored(from))
        }
        while let found = item {
            let key = unsafe ViewKey.key(found.key, found.value)
            guard body(key) else { return }
            item = read { () throws(LMDBError) in try cursor.next() }
        }
    }
}
