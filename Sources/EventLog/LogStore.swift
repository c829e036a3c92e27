import LMDB
import TransparencyLog

/// The four tables of a log's environment.
struct LogStore {
    let environment: Environment
    let entries: NamedTable
    let tiles: NamedTable
    let commits: NamedTable
    let meta: NamedTable

    init(_ environment: Environment, create: Bool) throws(LMDBError) {
        self.environment = environment
        meta = try environment.table(LogFormat.metaTable, create: create)
        entries = try environment.table(LogFormat.entriesTable, keys: .integer, create: create)
        tiles = try environment.table(LogFormat.tilesTable, create: create)
        commits = try environment.table(LogFormat.commitsTable, keys: .integer, create: create)
    }

    /// The newest commit a transaction sees: the tree size and the signed checkpoint.
    func newest(_ transaction: ReadTransaction) throws(LMDBError) -> (size: UInt64, note: [UInt8])? {
        var cursor = try transaction.cursor(commits)
        guard let item = try cursor.last() else { return nil }
        return unsafe (item.integerKey, [UInt8](item.value))
    }

    /// The hashes stored for a tile; empty where there is none.
    func tile(
        _ transaction: ReadTransaction, _ level: Int, _ index: UInt64
    ) throws(LMDBError) -> [Hash256] {
        guard let bytes = try transaction.get(tiles, LogFormat.tileKey(level, index)) else { return [] }
        return unsafe bytes.withUnsafeBytes { buffer in
            (0..<(buffer.count / Hash256.bytes)).map { i in
                unsafe Hash256(loading: UnsafeRawBufferPointer(rebasing: buffer[(i * Hash256.bytes)...]))
            }
        }
    }
}
