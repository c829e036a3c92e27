import ArgumentParser
import CommandKit
import Engine
import EventLog
import FoundationEssentials

/// `docket-bench store`
struct BenchStore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Measure what bare LMDB takes to store a ledger's entries with the same commits: the limit.",
        discussion: """
            The bytes of the log are appended to a fresh environment beside the data directory, each of the log's commits \
            as one synced transaction, and nothing else is done.

            Example: docket-bench store --data data --json
            """)

    @OptionGroup var data: DataOptions

    @Option(help: ArgumentHelp("Leave out the commits up to this tree size.", valueName: "size"))
    var after: UInt64 = 0

    @OptionGroup var output: OutputOptions

    func run() throws {
        let log = try EventLog.openReader(directory: data.directory.log)
        let directory = data.data + "/lmdb-limit"
        try? FileManager.default.removeItem(atPath: directory)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let limit = try StoreLimit(of: log, in: directory, after: after)
        let clock = Stopwatch()
        try limit.run()
        try Measurement(
            "bare LMDB, \(limit.commits) commits", count: limit.count, unit: "entries", seconds: clock.seconds
        ).print(json: output.json)
    }
}
