import AgentKit
import Audit
import Engine
package import EventLog
import Glibc
import TransparencyLog

/// Export of a ledger into files that PostgreSQL's `psql` loads: `schema.sql`, `load.sql`, a CSV file a table, and the
/// checkpoint to which they are complete.
///
/// What is written later lies in a folder of its own in the first one, named by the sizes of the log that it leads from
/// and to, so that each can be loaded in its turn.
package struct SQLExport {
    private let log: EventLog
    private let directory: String

    package init(_ log: EventLog, to directory: String) {
        self.log = log
        self.directory = directory
    }

    /// Writes the whole ledger. The checkpoint is written last: a folder without one is not complete.
    /// - Parameter progress: called from time to time with the number of entries read.
    /// - Throws: `ExportError`, `EventLogError` or `ReplayError`.
    package func write(progress: (UInt64) -> Void) throws -> ExportResult {
        let state = try ExportState(newestOf: log)
        try makeFolder(directory)
        let isEarlier = unsafe access(directory + "/schema.sql", F_OK) == 0
        guard try isEarlier || isEmpty(directory) else {
            throw ExportError.unusable("`\(directory)` holds other files: give a folder that is empty, or a new one")
        }
        try PartialFile.remove(directory + "/checkpoint")
        try fill(directory, from: 0, root: nil, state, progress)
        try text(state.checkpoint, to: directory + "/checkpoint")
        return ExportResult(state: state, start: 0)
    }

    /// Writes the rows that changed since the last export into a folder in this one; the whole where there is none.
    /// - Returns: the folder with the files to load, and what they hold; the folder is nil where nothing is new.
    /// - Throws: as `write`, and `refused` where the last export is of other entries.
    package func writeMore(progress: (UInt64) -> Void) throws -> (folder: String?, result: ExportResult) {
        let path = directory + "/checkpoint"
        guard unsafe access(path, F_OK) == 0 else { return (directory, try write(progress: progress)) }
        let note = try Files.read(path)
        let last: CheckpointReading
        do throws(ReadingError) { last = try CheckpointReading(note) } catch {
            throw ExportError.unusable("`\(path)`: \(error.description): write the export anew, without `--since`")
        }
        try ExportState.require(directory, of: last.origin, size: last.size, root: last.root, beginning: log)
        let state = try ExportState(newestOf: log)
        guard last.size < state.size else { return (nil, ExportResult(state: state, start: last.size)) }
        let folder = directory + "/\(last.size)-\(state.size)"
        try makeFolder(folder)
        try fill(folder, from: last.size, root: last.root, state, progress)
        // On the disk if the process dies here: files that the next export writes again.
        try text(state.checkpoint, to: path)
        return (folder, ExportResult(state: state, start: last.size))
    }

    /// - Parameter root: that of the state that the files continue; nil where they hold everything.
    private func fill(
        _ folder: String, from start: UInt64, root: String?, _ state: ExportState, _ progress: (UInt64) -> Void
    ) throws {
        var walk = try LedgerWalk(log)
        let tables = walk.tables.all
        // The first file tells an export that was interrupted, and without the last nothing of it is loaded.
        try text(PostgresSchema.schema(tables), to: folder + "/schema.sql")
        try PartialFile.remove(folder + "/load.sql")
        var sink = try CSVSink(folder, tables)
        try walk.run(from: start, to: state.size, batchEntries: nil, into: &sink, progress: progress)
        let meta = [
            ("checkpoint", state.checkpoint), ("origin", state.origin), ("root", state.root),
            ("size", String(state.size)), ("verifierKey", log.verifierKey.description),
        ]
        let rows = meta.map { CSVText.quoted($0.0) + "," + CSVText.quoted(Cell.plain($0.1)) + "\n" }
        let load =
            if let root { PostgresSchema.loadMore(tables, behind: start, root: root) } else {
                PostgresSchema.load(tables)
            }
        try sink.finish()
        try text(rows.joined(), to: folder + "/meta.csv")
        try text(load, to: folder + "/load.sql")
    }

    private func text(_ text: String, to path: String) throws {
        let file = try FileWriter(replacing: path)
        file.write(Array(text.utf8))
        try file.finish()
    }

    private func makeFolder(_ path: String) throws {
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else { throw PartialFile.failure("make", path) }
    }

    private func isEmpty(_ path: String) throws -> Bool {
        guard let folder = unsafe opendir(path) else { throw PartialFile.failure("read", path) }
        defer { unsafe closedir(folder) }
        var count = 0
        while unsafe readdir(folder) != nil { count += 1 }
        return count <= 2
    }
}

/// Writes rows as CSV that PostgreSQL reads: texts in quotes, nothing for null.
private struct CSVSink: RowSink {
    private var files: [String: FileWriter] = [:]
    private let removed: FileWriter

    init(_ folder: String, _ tables: [SQLTable]) throws {
        for table in tables { files[table.name] = try FileWriter(replacing: folder + "/\(table.name).csv") }
        removed = try FileWriter(replacing: folder + "/removed.csv")
    }

    func put(_ cells: [Cell], in table: SQLTable) throws {
        guard let file = files[table.name] else { return }
        file.write(Array((cells.map(Self.field).joined(separator: ",") + "\n").utf8))
        if file.hasFailed { try file.sync() }
    }

    func remove(_ key: String, from table: SQLTable) throws {
        removed.write(Array((CSVText.quoted(table.name) + "," + CSVText.quoted(Cell.plain(key)) + "\n").utf8))
    }

    func endBatch(at position: UInt64) throws {}

    func finish() throws {
        for file in files.values { try file.finish() }
        try removed.finish()
    }

    /// A line `\.` ends a file for psql, in quotes too.
    private static func beforeEnd(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.contains("\\.") else { return text }
        return lines.map { $0 == "\\." ? "\\. " : $0 }.joined(separator: "\n")
    }

    private static func field(_ cell: Cell) -> String {
        switch cell {
        case .null: ""
        case .integer(let number): String(number)
        case .boolean(let flag): flag ? "t" : "f"
        case .total(let total): String(total.minorUnits)
        case .text(let text): CSVText.quoted(beforeEnd(Cell.plain(text)))
        case .json(let bytes): CSVText.quoted(String(decoding: bytes, as: UTF8.self))
        }
    }
}
