import ArgumentParser
import CommandKit
import Engine
import EventLog
import Export

/// `docket export`
struct ExportVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the ledger into files that other programs read, or that others can verify.",
        discussion: """
            Every export reads the log alone and says to which checkpoint it is complete. A file that is there is replaced \
            once the new one is whole, a folder file by file, the checkpoint last; with --since it is continued: only what the file lacks is written, also after an export that \
            was interrupted. An export that is not of the beginning of this log is refused with exit code 1 and left as it is.

            --ndjson   one entry a line in FILE, and the newest checkpoint, at which it stops, in FILE.checkpoint
            --tiles    a tlog-tiles directory (c2sp.org/tlog-tiles) for any web server
            --sqlite   a database with tables of entries, transfers, balances, orders, complaints, fines, users, franchises \
            and their history, an auditor's views, and a full-text index
            --hledger  a journal for hledger that asserts the ledger's balances: `hledger check -f FILE`
            --sql      a folder for PostgreSQL: `cd DIR && psql -f schema.sql -f load.sql`; with --since a folder in it, which \
            is loaded likewise, behind what came before
            --person   what the ledger holds about one person, for the person: records, and entries in words and whole, with \
            what the person wrote opened; that of others stays sealed. It needs the signing key

            Examples:
              docket export --ndjson history.ndjson
              tools/python tools/verify.py history.ndjson --key "$(cat ledger.vkey)"
              docket export --sqlite ledger.sqlite --since
              docket export --hledger ledger.journal
              docket export --sql ./postgres
              docket export --person U-ali U-ali.json
            """)

    @Option(help: ArgumentHelp("Write one entry a line into this file.", valueName: "file"), completion: .file())
    var ndjson: String?

    @Option(help: ArgumentHelp("Write a tlog-tiles directory.", valueName: "dir"), completion: .directory)
    var tiles: String?

    @Option(help: ArgumentHelp("Write an SQLite database.", valueName: "file"), completion: .file())
    var sqlite: String?

    @Option(help: ArgumentHelp("Write a journal for hledger.", valueName: "file"), completion: .file())
    var hledger: String?

    @Option(help: ArgumentHelp("Write files that PostgreSQL loads.", valueName: "dir"), completion: .directory)
    var sql: String?

    @Option(help: ArgumentHelp("Write what is known about this person.", valueName: "id"))
    var person: String?

    @Argument(help: "The file to write with `--person`; `-` for stdout.", completion: .file())
    var file: String?

    @Flag(help: "Continue the export that is there: write only what it lacks.")
    var since = false

    @OptionGroup var signing: SigningKeyOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard [ndjson, tiles, sqlite, hledger, sql, person].compactMap({ $0 }).count == 1 else {
            throw ValidationError("give one of `--ndjson`, `--tiles`, `--sqlite`, `--hledger`, `--sql` and `--person`")
        }
        guard (person == nil) == (file == nil) else {
            throw ValidationError("`--person ID FILE` names the file to write; the others name it themselves")
        }
        guard person == nil || !since else { throw ValidationError("`--since` continues no export of `--person`") }
    }

    func run() throws {
        if let person, let file {
            return try PersonExportRun(person: person, file: file, data: data, signing: signing, output: output).run()
        }
        let log = try EventLog.openReader(directory: data.directory.log)
        let progress = Progress("exporting", total: log.size)
        let cosignatures = CosignatureStore(folder: data.directory.state, log: log)
        let run = ExportRun(log: log, cosignatures: cosignatures, resumes: since) { progress.update($0) }
        let written = try ExportRun.failing { () -> ExportRun.Outcome in try self.outcome(run) }
        progress.finish()
        if output.json { try Console.json(written) } else { Console.message(written.text) }
    }

    private func outcome(_ run: ExportRun) throws -> ExportRun.Outcome {
        if let ndjson { return try run.ndjson(ndjson) }
        if let tiles { return try run.tiles(tiles) }
        if let sqlite { return try run.sqlite(sqlite) }
        if let hledger { return try run.hledger(hledger) }
        return try run.sql(sql ?? "")
    }
}

/// One run of an export.
struct ExportRun {
    /// What it wrote.
    struct Outcome: Encodable {
        /// The number of entries that the export now holds, and that it held before.
        let entries: UInt64, since: UInt64
        let file: String
        /// The file that holds the checkpoint to which the export is complete: the export itself, or one beside it.
        let checkpoint: String

        var text: String {
            let before = since > 0 ? ", \(Text.grouped(since)) of them before" : ""
            let place = checkpoint == file ? "with their checkpoint" : "their checkpoint to `\(checkpoint)`"
            return "\(Text.grouped(entries)) entries to `\(file)`\(before), \(place)"
        }
    }

    let log: EventLog
    /// Those of witnesses that go with the checkpoints of NDJSON and tiles.
    let cosignatures: CosignatureStore
    let resumes: Bool
    let progress: (UInt64) -> Void

    func ndjson(_ path: String) throws -> Outcome {
        let checkpoint = path + ".checkpoint"
        guard resumes else {
            let size = try log.exportNDJSON(to: path, cosignatures: cosignatures, progress: progress)
            return Outcome(entries: size, since: 0, file: path, checkpoint: checkpoint)
        }
        let (kept, size) = try log.resumeNDJSON(
            to: path, cosignatures: cosignatures, progress: progress)
        return Outcome(entries: size, since: kept, file: path, checkpoint: checkpoint)
    }

    func tiles(_ directory: String) throws -> Outcome {
        let (start, size) = try TilesExport(log, to: directory, cosignatures: cosignatures).write(
            resumes: resumes, progress: progress)
        return Outcome(entries: size, since: start, file: directory, checkpoint: directory + "/checkpoint")
    }

    func sqlite(_ path: String) throws -> Outcome {
        let export = SQLiteExport(log, to: path)
        let result = try resumes ? export.resume(progress: progress) : export.write(progress: progress)
        return Outcome(entries: result.state.size, since: result.start, file: path, checkpoint: path)
    }

    func hledger(_ path: String) throws -> Outcome {
        let result = try HledgerExport(log, to: path).write(resumes: resumes, progress: progress)
        return Outcome(entries: result.state.size, since: result.start, file: path, checkpoint: path)
    }

    func sql(_ directory: String) throws -> Outcome {
        let export = SQLExport(log, to: directory)
        let checkpoint = directory + "/checkpoint"
        guard resumes else {
            let result = try export.write(progress: progress)
            return Outcome(entries: result.state.size, since: 0, file: directory, checkpoint: checkpoint)
        }
        let (folder, result) = try export.writeMore(progress: progress)
        return Outcome(
            entries: result.state.size, since: result.start, file: folder ?? directory, checkpoint: checkpoint)
    }

    /// Runs an export and turns its errors into exit codes.
    static func failing<R>(_ body: () throws -> R) throws -> R {
        do { return try body() } catch let error as ExportError {
            throw failure(error)
        } catch EventLogError.otherExport(let path, let sequence) {
            throw Failure(.refused, "\(EventLogError.otherExport(path: path, sequence: sequence))")
        }
    }

    static func failure(_ error: ExportError) -> Failure {
        switch error {
        case .refused(let why): Failure(.refused, why)
        case .unusable(let why): Failure(.couldNotRun, why)
        }
    }
}
