import ArgumentParser
import Audit
import CommandKit
import Engine
import EventLog

/// `docket export`
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the log into files that others can verify.",
        discussion: """
            --ndjson writes one entry a line into FILE and the newest checkpoint, at which it stops, into FILE.checkpoint.

            Examples:
              docket export --ndjson history.ndjson
              tools/python tools/verify.py history.ndjson --key "$(cat ledger.vkey)"
            """)

    @Option(help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
    var ndjson: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let log = try EventLog.openReader(directory: data.directory.log)
        let count = try log.exportNDJSON(to: ndjson)
        if output.json {
            struct Exported: Encodable { let entries: UInt64, file: String, checkpoint: String }
            try Console.json(Exported(entries: count, file: ndjson, checkpoint: ndjson + ".checkpoint"))
        } else {
            Console.message("\(Text.grouped(count)) entries to `\(ndjson)`, their checkpoint to `\(ndjson).checkpoint`")
        }
    }
}
