package import AgentKit
import Glibc
import LMDB

/// `views/`: the disposable tables in LMDB. Reads see one snapshot, which the sequencer renews between commits; one
/// background thread writes.
package final class ViewStore: TableStore, AdmittedStore, @unchecked Sendable {
    /// Raised when the stored form of any row changes: other views are thrown away and rebuilt from the log.
    static let layout = "6"
    /// Hashes written in one transaction: LMDB keeps every page that a transaction changed in memory, and never gives it
    /// back, so that without this memory would grow with the index.
    private static let admittedPerTransaction = 8_192

    private let environment: LMDB.Environment
    private let meta: NamedTable
    private let admitted: NamedTable
    private let tables: [String: NamedTable]
    private let reader: ReadTransaction

    /// Opens the views, or makes them: a directory of another layout or log is emptied first, one that is damaged removed.
    static func open(
        directory: String, tables names: [String], origin: String, mapSize: Int
    ) throws(LMDBError) -> ViewStore {
        do throws(LMDBError) {
            return try ViewStore(directory: directory, tables: names, origin: origin, mapSize: mapSize)
        } catch {
            guard error.code == .damaged else { throw error }
            Notice.say("\(error); the views are made again from the log")
            for name in ["data.mdb", "lock.mdb"] where unsafe unlink("\(directory)/\(name)") != 0 && errno != ENOENT {
                throw LMDBError(errno, "remove")
            }
            return try ViewStore(directory: directory, tables: names, origin: origin, mapSize: mapSize)
        }
    }

    private init(directory: String, tables names: [String], origin: String, mapSize: Int) throws(LMDBError) {
        if unsafe mkdir(directory, 0o700) != 0, errno != EEXIST { throw LMDBError(errno, "make directory") }
        var options = LMDB.Environment.Options()
        options.mapSize = mapSize
        options.maxTables = UInt32(names.count + 8)
        options.checksEveryPage = true
        environment = try LMDB.Environment(path: directory, options: options)
        meta = try environment.table("meta", create: true)
        admitted = try environment.table("admitted", keys: .integer, create: true)
        var tables: [String: NamedTable] = [:]
        for name in names { tables[name] = try environment.table("rows." + name, create: true) }
        self.tables = tables
        reader = try environment.read()
        let identity = Self.identity(of: origin)
        guard try reader.get(meta, Array("identity".utf8)) != Array(identity.utf8) else { return }
        let write = try environment.write()
        try write.removeAll(meta)
        try write.removeAll(admitted)
        for table in tables.values { try write.removeAll(table) }
        try write.put(meta, Array("identity".utf8), Array(identity.utf8))
        try write.commit()
        try renew()
    }

    /// The views' own name for their layout and log.
    static func identity(of origin: String) -> String { layout + "\n" + origin }

    /// The number of entries that the views have folded.
    package var position: UInt64 {
        guard let bytes = try? reader.get(meta, Array("position".utf8)) else { return 0 }
        return UInt64(String(decoding: bytes, as: UTF8.self)) ?? 0
    }

    /// Looks at the newest write.
    func renew() throws(LMDBError) {
        reader.reset()
        try reader.renew()
    }

    package func rows(of table: String) -> any StoredRows {
        guard let named = tables[table] else { preconditionFailure("no views of a table `\(table)`") }
        return ViewRows(named, reader)
    }

    package func sequence(of hash: UInt64) -> UInt64? {
        guard let value = unsafe try? reader.get(admitted, hash), value.count == 8 else { return nil }
        return unsafe value.loadUnaligned(as: UInt64.self)
    }

    /// Writes changes in key order, the rows in one transaction with the position they bring the views to. If the process
    /// dies here the views stay at the position before, and the tail is folded again from the log; events of the tail
    /// that are in the index already are found there as the same.
    func write(_ changes: ViewChanges) throws(LMDBError) {
        try write(changes.admitted)
        let transaction = try environment.write()
        for table in changes.tables {
            guard let named = tables[table.table], table.count > 0 else { continue }
            for (key, value) in table.encoded() {
                if let value {
                    try transaction.put(named, ViewKey.stored(key), ViewKey.value(value, of: key))
                } else {
                    _ = try transaction.delete(named, ViewKey.stored(key))
                }
            }
        }
        try transaction.put(meta, Array("position".utf8), Array(String(changes.position).utf8))
        try transaction.commit()
    }

    private func write(_ index: [UInt64: UInt64]) throws(LMDBError) {
        let hashes = index.keys.sorted()
        for start in stride(from: 0, to: hashes.count, by: Self.admittedPerTransaction) {
            let transaction = try environment.write()
            for hash in hashes[start..<min(start + Self.admittedPerTransaction, hashes.count)] {
                unsafe try withUnsafeBytes(of: index[hash] ?? 0) { bytes throws(LMDBError) in
                    unsafe try transaction.put(admitted, hash, bytes)
                }
            }
            try transaction.commit()
        }
    }
}

/// Everything that changed up to a position, set aside to be written.
struct ViewChanges: Sendable {
    let tables: [TableChanges]
    let admitted: [UInt64: UInt64]
    /// The number of entries folded.
    let position: UInt64
}

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

/// The form in which keys of rows are stored: LMDB takes none that is empty or longer than 511 bytes.
enum ViewKey {
    /// Stands before every key.
    static let mark: UInt8 = 0x20
    /// Longer keys are stored as their first bytes and a hash, with the whole key before the row.
    static let plainBytesMax = 480
    private static let longPrefixBytes = 400

    static func stored(_ key: String) -> [UInt8] {
        let bytes = Array(key.utf8)
        guard bytes.count > plainBytesMax else { return [mark] + bytes }
        let hash = IdentifierHash.of(source: key, id: "")
        return unsafe [mark] + bytes[..<longPrefixBytes] + withUnsafeBytes(of: hash.bigEndian) { unsafe Array($0) }
            + [UInt8](repeating: 0, count: plainBytesMax - longPrefixBytes)
    }

    static func key(_ stored: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> String {
        guard stored.count - 1 > plainBytesMax else {
            return unsafe String(decoding: UnsafeRawBufferPointer(rebasing: stored[1...]), as: UTF8.self)
        }
        var reader = RowReader(unsafe Array(value))
        return (try? reader.text()) ?? ""
    }

    /// The stored value of a row.
    static func value(_ value: [UInt8], of key: String) -> [UInt8] {
        guard key.utf8.count > plainBytesMax else { return value }
        var writer = RowWriter()
        writer.text(key)
        return writer.bytes + value
    }

    static func unwrapped(_ bytes: [UInt8]) -> [UInt8] {
        var reader = RowReader(bytes)
        guard let key = try? reader.text() else { return bytes }
        var writer = RowWriter()
        writer.text(key)
        return Array(bytes[writer.bytes.count...])
    }
}
