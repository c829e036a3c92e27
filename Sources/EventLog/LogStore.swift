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

    /// Whether a log was once whole in an environment that lacks a table now: the tables are made one after the other,
    /// `meta` first, and filled last.
    static func wasMade(_ environment: Environment) -> Bool {
        guard let meta = try? environment.table(LogFormat.metaTable) else {
            let others = [LogFormat.entriesTable, LogFormat.tilesTable, LogFormat.commitsTable]
            return others.contains { (try? environment.table($0)) != nil }
        }
        return (try? environment.read().get(meta, LogFormat.formatName)) != nil
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

    /// The leaf hash stored for an entry of a log of `size` entries; nil where the last tile, which may lag, lacks it.
    func leaf(
        _ transaction: ReadTransaction, _ sequence: UInt64, size: UInt64
    ) throws(EventLogError) -> Hash256? {
        let hashes = try storage { () throws(LMDBError) in try tile(transaction, 0, sequence >> 8) }
        let i = Int(sequence & 255)
        if i < hashes.count { return hashes[i] }
        guard sequence >> 8 == size >> 8 else {
            throw .damaged(environment.path, "it has no hash of entry \(sequence)")
        }
        return nil
    }
}
