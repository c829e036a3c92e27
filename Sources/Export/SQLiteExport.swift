import AgentKit
import Audit
import Engine
package import EventLog
import GRDB
import TransparencyLog

/// Export of a ledger into an SQLite database, written through GRDB.
///
/// It is written in batches. Each is one transaction, which also says in `meta` how many entries the rows are those of,
/// and the root over them: a database that a crash left is that of some batch's end, and can be continued. `checkpoint`
/// there is that of the last export that came to its end.
package struct SQLiteExport {
    /// Entries of one transaction.
    static let batchEntries: UInt64 = 2048

    private let log: EventLog
    private let path: String

    package init(_ log: EventLog, to path: String) {
        self.log = log
        self.path = path
    }

    /// Writes the whole ledger beside the file and renames it once it is complete.
    /// - Parameter progress: called from time to time with the number of entries read.
    /// - Throws: `ExportError`, `EventLogError` or `ReplayError`.
    package func write(progress: (UInt64) -> Void) throws -> ExportResult {
        let file = try PartialFile(replacing: path)
        for suffix in ["-journal", "-wal"] { try PartialFile.remove(file.partial + suffix) }
        let result = try errors { try fill(file.partial, progress) }
        // A journal that a crash left is of the database that is replaced: SQLite would play it back into the new one.
        for suffix in ["-journal", "-wal", "-shm"] { try PartialFile.remove(path + suffix) }
        try file.finish()
        return result
    }

    /// Writes what the file lacks; where there is none it is made. A process that dies leaves what this continues.
    /// - Throws: as `write`, and `refused` where the file holds another log's entries.
    package func resume(progress: (UInt64) -> Void) throws -> ExportResult {
        try PartialFile.requireRegular(path)
        return try errors { try fill(path, progress) }
    }

    private func fill(_ path: String, _ progress: (UInt64) -> Void) throws -> ExportResult {
        let state = try ExportState(newestOf: log)
        var walk = try LedgerWalk(log)
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.writeWithoutTransaction { db in
            let start = try Self.begin(db, walk.tables.all, self.path, log)
            if start < state.size {
                var sink = SQLiteSink(db, log)
                do {
                    try walk.run(
                        from: start, to: state.size, batchEntries: Self.batchEntries, into: &sink, progress: progress)
                } catch {
                    if db.isInsideTransaction { try? db.rollback() }
                    throw error
                }
            }
            try Self.set(db, "checkpoint", state.checkpoint)
            return ExportResult(state: state, start: start)
        }
    }

    /// Makes an empty database, or tests that the one that is there can be continued. Nothing is changed in another.
    /// - Returns: the number of entries that it holds.
    private static func begin(
        _ db: Database, _ tables: [SQLTable], _ path: String, _ log: EventLog
    ) throws -> UInt64 {
        let schema = SQLiteSchema.statements(tables)
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
        if isEmpty {
            try db.inTransaction {
                for statement in schema { try db.execute(sql: statement) }
                try set(db, "format", SQLiteSchema.format)
                try set(db, "origin", log.origin)
                try set(db, "verifierKey", log.verifierKey.description)
                try set(db, "size", "0")
                try set(db, "root", log.root(size: 0).base64)
                return .commit
            }
            return 0
        }
        guard try db.tableExists("meta"), let format = try get(db, "format"), let origin = try get(db, "origin"),
            let size = try get(db, "size").flatMap({ EntrySequence(decimal: $0)?.value }),
            let root = try get(db, "root")
        else { throw ExportError.unusable("`\(path)` is not an export of a ledger: give another file") }
        guard format == SQLiteSchema.format, try hasTables(db, tables) else {
            throw ExportError.unusable(
                "`\(path)` was made by another version of this program: write it anew, without `--since`")
        }
        try ExportState.require(path, of: origin, size: size, root: root, beginning: log)
        return size
    }

    /// Returns true if the database has the tables and columns that rows are written into.
    private static func hasTables(_ db: Database, _ tables: [SQLTable]) throws -> Bool {
        for table in tables {
            guard try db.tableExists(table.name),
                try db.columns(in: table.name).map(\.name) == table.columns.map(\.name)
            else { return false }
        }
        return true
    }

    fileprivate static func set(_ db: Database, _ name: String, _ value: String) throws {
        try db.execute(
            sql: "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            arguments: [name, value])
    }

    private static func get(_ db: Database, _ name: String) throws -> String? {
        try String.fetchOne(db, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name])
    }

    /// Tells errors of SQLite with the file, and without the rows that they quote.
    private func errors<R>(_ body: () throws -> R) throws -> R {
        do { return try body() } catch let error as DatabaseError {
            let what = "SQLite error \(error.extendedResultCode.rawValue): \(error.message ?? "no message")"
            throw ExportError.unusable(
                error.resultCode == .SQLITE_NOTADB
                    ? "`\(path)` is not an SQLite database: give another file" : "`\(path)`: \(what)")
        }
    }
}

/// Writes rows into a database, a transaction a batch.
private struct SQLiteSink: RowSink {
    private let db: Database
    private let log: EventLog
    private var statements: [String: GRDB.Statement] = [:]

    init(_ db: Database, _ log: EventLog) {
        self.db = db
        self.log = log
    }

    mutating func put(_ cells: [Cell], in table: SQLTable) throws {
        try begin()
        let statement: GRDB.Statement
        if let known = statements[table.name] {
            statement = known
        } else {
            statement = try db.makeStatement(sql: SQLiteSchema.upsert(table))
            statements[table.name] = statement
        }
        try statement.execute(arguments: StatementArguments(cells.map(Self.value)))
    }

    mutating func remove(_ key: String, from table: SQLTable) throws {
        try begin()
        try db.execute(
            sql: "DELETE FROM \(table.name) WHERE \"\(table.columns[0].name)\" = ?", arguments: [Cell.plain(key)])
    }

    mutating func endBatch(at position: UInt64) throws {
        try begin()
        try SQLiteExport.set(db, "size", String(position))
        try SQLiteExport.set(db, "root", log.root(size: position).base64)
        // On the disk until this returns: the end of the batch before. SQLite's journal takes back the rest.
        try db.commit()
    }

    private func begin() throws { if !db.isInsideTransaction { try db.beginTransaction(.immediate) } }

    private static func value(_ cell: Cell) -> (any DatabaseValueConvertible)? {
        switch cell {
        case .null: nil
        case .integer(let number): number
        case .boolean(let flag): flag
        case .text(let text): Cell.plain(text)
        case .json(let bytes): String(decoding: bytes, as: UTF8.self)
        case .total(let total):
            if let exact = total.exact { exact.minorUnits } else { String(total.minorUnits) }
        }
    }
}
