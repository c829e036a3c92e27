import Glibc
import LMDB

/// The tables of `views/` in LMDB.
///
/// | table | holds |
/// |---|---|
/// | `meta` | `identity`: layout and origin; `position`: `ViewMark`; `seal`: `ViewSeal` |
/// | `admitted` | hashes of (source, id) → sequence, both integers of 8 bytes in the machine's order |
/// | `words` | number of a block of entries → its words (`WordBlock`) |
/// | `rows.NAME` | the rows of a table, by `ViewKey` |
/// | `marks` | number of entries → hash of the last of them, in base64: the places of which every row is known |
/// | `was` | a row and a mark (`PastKey`) → a one and the row as it was there, or a zero where there was none |
///
/// A row as it was at a mark is its record in `was` at that mark, else the one at the next mark that has one, else the row
/// as it is now. So each row has at most one record a mark, written when it first changes behind it.
final class ViewTables: Sendable {
    /// Raised when the stored form of any row changes: other views are thrown away and rebuilt from the log.
    static let layout = "8"

    /// Of one file all who open it in a process share the limit.
    private static let tablesMax: UInt32 = 128

    /// Blocks of words that no log has.
    private static let blocksMax: UInt64 = 1 << 48

    let environment: Environment
    let meta: NamedTable
    let admitted: NamedTable
    let words: NamedTable
    let marks: NamedTable
    let was: NamedTable
    let rows: [String: NamedTable]

    /// - Parameters:
    ///   - names: the tables that have rows.
    ///   - mapSize: bytes; nil opens views that are there for reading, beside who writes them.
    init(directory: String, names: [String], mapSize: Int?) throws(LMDBError) {
        var options = Environment.Options()
        options.maxTables = Self.tablesMax
        if let mapSize {
            if unsafe mkdir(directory, 0o700) != 0, errno != EEXIST { throw LMDBError(errno, "make directory") }
            options.mapSize = mapSize
            options.checksEveryPage = true
        } else {
            options.mapSize = 0
            options.isReadOnly = true
        }
        let creates = mapSize != nil
        environment = try Environment(path: directory, options: options)
        meta = try environment.table("meta", create: creates)
        admitted = try environment.table("admitted", keys: .integer, create: creates)
        words = try environment.table("words", keys: .integer, create: creates)
        marks = try environment.table("marks", keys: .integer, create: creates)
        was = try environment.table("was", create: creates)
        var rows: [String: NamedTable] = [:]
        for name in names { rows[name] = try environment.table("rows." + name, create: creates) }
        self.rows = rows
    }

    /// Everything that decides, by name: what a start compares with the seal.
    var sealed: [NamedTable] { [admitted, words] + rows.values.sorted { $0.name < $1.name } }

    /// What is only read about the past; the seal covers it too, and `views check` compares it.
    var history: [NamedTable] { [marks, was] }

    /// The bytes that tell views of one ledger and layout.
    static func identity(origin: String) -> [UInt8] { Array((layout + "\n" + origin).utf8) }

    /// Keys of `meta`.
    enum MetaKey {
        static let identity = Array("identity".utf8)
        static let position = Array("position".utf8)
        static let seal = Array("seal".utf8)
    }

    func identity(_ reader: ReadTransaction) throws(LMDBError) -> [UInt8]? { try reader.get(meta, MetaKey.identity) }

    /// The entries folded, as it is stored for those who have no key.
    func mark(_ reader: ReadTransaction) throws(LMDBError) -> ViewMark {
        try reader.get(meta, MetaKey.position).flatMap { ViewMark($0) } ?? ViewMark()
    }

    /// The last snapshot mark that is not behind a position; nil where there is none.
    func mark(atMost position: UInt64, _ reader: ReadTransaction) throws(LMDBError) -> ViewMark? {
        var cursor = try reader.cursor(marks)
        var item = try cursor.seek(position)
        if item.map({ $0.integerKey != position }) ?? true {
            item = try item == nil ? cursor.last() : cursor.previous()
        }
        return item.map { unsafe ViewMark(position: $0.integerKey, head: String(decoding: $0.value, as: UTF8.self)) }
    }

    /// The number of blocks of words.
    func wordBlocks(_ reader: ReadTransaction) throws(LMDBError) -> UInt64 {
        var cursor = try reader.cursor(words)
        return try cursor.last().map { min($0.integerKey, Self.blocksMax) + 1 } ?? 0
    }

    /// Several snapshots of one commit, each for a thread of its own.
    func snapshots(_ count: Int) throws(LMDBError) -> [ReadTransaction] {
        var snapshots: [ReadTransaction] = []
        while snapshots.count < count {
            let next = try environment.read()
            if let first = snapshots.first, first.commitNumber != next.commitNumber { snapshots = [] }
            snapshots.append(next)
        }
        return snapshots
    }
}
