import ArgumentParser
import CommandKit
import Engine
import Export
import Synchronization

/// `docket import`
struct ImportVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a read-only ledger of an export, after verifying every byte of it.",
        discussion: """
            FILE is an NDJSON export, its checkpoint beside it as FILE.checkpoint, or a tlog-tiles directory. DIR must not \
            exist, and does so only once everything is verified. It has no signing key: `verify`, `recompute`, `show`, \
            `explain` and all other verbs that read work on it, `serve` and `run` refuse. Exits 1, with the place, when the \
            export does not hold.

            Examples:
              docket import history.ndjson --data ./copy --key ledger.vkey
              docket import ./tiles --data ./copy --key example.com/ledger+1a2b3c4d+AUZ…
            """)

    @Argument(help: "The export.", completion: .file())
    var file: String

    @OptionGroup var key: KeyOptions

    @Option(help: ArgumentHelp("The data directory to make.", valueName: "dir"), completion: .directory)
    var data: String

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let state: ExportState
        do throws(ExportError) {
            let ledger = try LedgerImport(of: file, trusting: readKey(), into: DataDirectory(data))
            let verifying = Mutex(Progress("verifying"))
            try await ledger.verify { count, total in verifying.withLock { $0.update(count, of: total) } }
            verifying.withLock { $0.finish() }
            let progress = Progress("importing")
            defer { progress.finish() }
            state = try ledger.build { progress.update($0) }
        } catch {
            throw ExportRun.failure(error)
        }
        guard output.json else {
            return Console.message(
                "\(Text.grouped(state.size)) entries of \(state.origin), verified, to the read-only ledger `\(data)`")
        }
        struct Imported: Encodable {
            let checkpoint: String, data: String, entries: UInt64, origin: String, root: String
        }
        try Console.json(
            Imported(
                checkpoint: state.checkpoint, data: data, entries: state.size, origin: state.origin, root: state.root))
    }

    private func readKey() throws(ExportError) -> String {
        do throws(Failure) { return try key.read() } catch { throw .unusable(error.message) }
    }
}
