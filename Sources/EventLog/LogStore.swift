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

    /// Returns whether an environment that now lacks a table once held a whole log: the tables are created one after
    /// the other, `meta` first, and filled last.
    static func wasMade(_ environment: Environment) -> Bool {
        guard let meta = try? environment.table(LogFormat.metaTable) else {
            let others = [LogFormat.entriesTable, LogFormat.tilesTable, LogFormat.commitsTable]
            return others.contains { (try? environment.table($0)) != nil }
        }
        return (try? environment.read().get(meta, LogFormat.formatName)) != nil
    }

    /// The newest commit that a transaction sees: the tree size and the signed checkpoint.
    func newest(_ transaction: ReadTransaction) throws(LMDBError) -> (size: UInt64, note: [UInt8])? {
        var cursor = try transaction.cursor(commits)
        guard let item = try cursor.last() else { return nil }
        return unsafe (item.integerKey, [UInt8](item.value))
    }

    /// The hashes stored for a tile; empty if there is none.
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

    /// The leaf hash stored for an entry of a log of `size` entries; nil if the last tile, which may lag, lacks it.
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

/// The content of a log's `meta` table.
struct Meta {
    let origin: String
    let verifierKey: VerifierKey

    /// Reads the table.
    /// - Throws: `notALog` or `formatVersion` for a format that this program does not know, `damaged` for other
    ///   content.
    static func read(_ store: LogStore, path: String) throws(EventLogError) -> Meta {
        let (format, origin, key) = try storage { () throws(LMDBError) -> ([UInt8]?, [UInt8]?, [UInt8]?) in
            let transaction = try store.environment.read()
            return (
                try transaction.get(store.meta, LogFormat.formatName),
                try transaction.get(store.meta, LogFormat.originName),
                try transaction.get(store.meta, LogFormat.keyName)
            )
        }
        guard let format else { throw .notALog(path: path, why: "it has no format version") }
        guard format.elementsEqual(LogFormat.version.utf8) else {
            throw .formatVersion(path: path, found: String(decoding: format, as: UTF8.self))
        }
        guard let origin, let key, let text = String(validating: origin, as: UTF8.self) else {
            throw .damaged(path, "it has no origin or verifier key")
        }
        do throws(NoteError) {
            let key = try VerifierKey(String(decoding: key, as: UTF8.self))
            guard key.name.utf8.elementsEqual(text.utf8) else {
                throw NoteError.otherOrigin(expected: text, found: key.name)
            }
            return Meta(origin: text, verifierKey: key)
        } catch {
            throw .damaged(path, "its origin or verifier key: \(error)")
        }
    }
}

/// Runs storage calls and rethrows their errors as `EventLogError.storage`.
func storage<R: ~Copyable>(_ body: () throws(LMDBError) -> R) throws(EventLogError) -> R {
    do throws(LMDBError) { return try body() } catch { throw .storage(error) }
}

/// The names and limits of log format 1; `FORMAT.md` beside this file describes them.
package enum LogFormat {
    /// The format version, as `meta` holds it.
    package static let version = "1"
    /// The longest entry in bytes.
    package static let entryBytesMax = 65_535
    /// The number of bytes of entries after which a commit is closed.
    package static let commitBytesMax = 64 << 20
    /// The default size of the memory map in bytes: 1 TiB, sparse.
    package static let mapBytesDefault = 1 << 40

    static let entriesTable = "entries"
    static let tilesTable = "tiles"
    static let commitsTable = "commits"
    static let metaTable = "meta"
    static let formatName = Array("format".utf8)
    static let originName = Array("origin".utf8)
    static let keyName = Array("verifierKey".utf8)

    /// The key of a tile: its level, one byte, and its index, eight bytes, big-endian.
    static func tileKey(_ level: Int, _ index: UInt64) -> [UInt8] {
        [UInt8(level)] + stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: index >> UInt64($0)) }
    }
}
