import ArgumentParser
import CommandKit
import Engine
import EventLog
import FoundationEssentials
import LMDB

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

/// Replay of a log's writes into bare LMDB: the same bytes with the same commits, each synced, and nothing else.
struct StoreLimit {
    private let log: EventLog
    private let environment: Environment
    private let entries: NamedTable
    private let sizes: [UInt64]

    /// - Parameters:
    ///   - log: the log whose commits are repeated.
    ///   - directory: an empty directory to store into.
    ///   - after: the tree size from which on commits are repeated.
    init(of log: EventLog, in directory: String, after: UInt64 = 0) throws {
        self.log = log
        environment = try Environment(path: directory)
        entries = try environment.table("entries", keys: .integer, create: true)
        var found: [UInt64] = []
        try log.checkpoints(from: after) { size, _ in
            found.append(size)
            return true
        }
        sizes = found
    }

    /// The number of commits that will be repeated.
    var commits: Int { max(0, sizes.count - 1) }
    /// The number of entries in them.
    var count: Int { Int((sizes.last ?? 0) - (sizes.first ?? 0)) }

    /// Stores everything.
    func run() throws {
        for (start, end) in zip(sizes, sizes.dropFirst()) {
            let transaction = try environment.write()
            var failure: (any Error)?
            try unsafe log.scan(from: start, to: end) { sequence, bytes in
                do {
                    unsafe try transaction.put(entries, sequence, bytes, .append)
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
            if let failure { throw failure }
            try transaction.commit()
        }
    }
}
