import Foundation
import Glibc
import TestSupport
import Testing

/// A ledger in a folder of its own, worked on by real processes.
final class TestLedger {
    let folder: TemporaryDirectory
    let docket: Docket
    private(set) var key = ""
    private var service: ChildProcess?

    /// Makes the ledger.
    /// - Parameters:
    ///   - isFixed: with the signing key and the person seed that are the same each time.
    ///   - data: the data directory, instead of one in the folder.
    init(
        _ docket: Docket = .binary, clock: String = "events", isFixed: Bool = false, mapBytes: Int? = nil,
        data: String? = nil
    ) throws {
        self.docket = docket
        folder = try TemporaryDirectory("docket-system")
        self.data = data ?? folder.file("data")
        var arguments = [
            "init", "--data", self.data, "--origin", Self.origin, "--rules", Docket.package + "/rules", "--clock",
            clock,
        ]
        if isFixed {
            arguments += ["--key", try Self.writeKey(in: folder), "--person-seed", try Self.writeSeed(in: folder)]
        }
        if let mapBytes { arguments += ["--map-size", String(mapBytes)] }
        let made = try docket.run(arguments)
        try #require(made.status == 0, "\(made.messages)")
        key = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    deinit { service?.kill() }

    static let origin = "test.example/ledger"

    let data: String
    var socket: String { folder.file("s") }

    /// Runs a verb on this ledger's data directory.
    func run(_ arguments: String..., input: String? = nil) throws -> Docket.Result {
        try docket.run(arguments + ["--data", data], input: input)
    }

    /// Runs a verb on this ledger's socket.
    func send(_ arguments: String..., input: String? = nil) throws -> Docket.Result {
        try docket.run(arguments + ["--socket", socket], input: input)
    }

    /// Runs a verb of `docket-bench` on this ledger's socket.
    func load(_ arguments: String...) throws -> Docket.Result {
        try Docket.bench.run(arguments + ["--socket", socket, "--json"])
    }

    /// Runs a verb of `docket-bench` on this ledger's data directory.
    func measure(_ arguments: String...) throws -> Docket.Result {
        try Docket.bench.run(arguments + ["--data", data, "--json"])
    }

    // MARK: Service

    /// Starts the service and waits until it is ready.
    @discardableResult
    func startService(_ more: String...) throws -> ChildProcess { try startService(more) }

    /// Starts the service and waits until it is ready. It derives nothing again in the background, which costs a second
    /// load of the rules, unless `more` says `--recompute`.
    @discardableResult
    func startService(_ more: [String]) throws -> ChildProcess {
        let more = more.contains("--recompute") ? more : more + ["--no-recompute"]
        let ready = folder.file("ready")
        let process = try docket.start(
            ["serve", "--data", data, "--socket", socket] + more, output: ready, messages: folder.file("messages"))
        service = process
        while try Data(contentsOf: URL(fileURLWithPath: ready)).isEmpty {
            try #require(process.isRunning, "the service did not start: \(messages)")
            usleep(2000)
        }
        return process
    }

    /// The service's output on stderr.
    var messages: String { (try? String(contentsOfFile: folder.file("messages"), encoding: .utf8)) ?? "" }

    /// Waits for the service to end by itself.
    /// - Returns: its exit status, or the negative number of the signal that ended it.
    func waitForService() throws -> Int32 {
        let process = try #require(service)
        service = nil
        return process.wait()
    }

    /// Stops the service with SIGTERM.
    /// - Returns: its exit status.
    func stopService() throws -> Int32 {
        let process = try #require(service)
        process.terminate()
        service = nil
        return process.wait()
    }

    /// Kills the service with SIGKILL.
    func killService() throws {
        let process = try #require(service)
        process.kill()
        process.wait()
        service = nil
    }

    // MARK: Log

    /// The entries as they are in the log, one a line.
    func exportedLog() throws -> String {
        let file = folder.file("export.ndjson")
        let result = try run("export", "--ndjson", file)
        try #require(result.status == 0, "\(result.messages)")
        return try String(contentsOfFile: file, encoding: .utf8)
    }

    /// The checkpoint of the last export.
    func exportedCheckpoint() throws -> String {
        try String(contentsOfFile: folder.file("export.ndjson.checkpoint"), encoding: .utf8)
    }

    private static func writeKey(in folder: TemporaryDirectory) throws -> String {
        let path = folder.file("key")
        let seed = Data((0..<32).map { UInt8($0) }).base64EncodedString()
        try Data("docket-signing-key/v1\n\(origin)\nseed \(seed)\n".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }

    private static func writeSeed(in folder: TemporaryDirectory) throws -> String {
        let path = folder.file("seed")
        try Data(repeating: 7, count: 32).write(to: URL(fileURLWithPath: path))
        return path
    }
}

/// A ledger with the fixture's history, shared by tests that only read.
final class KnownHistory: Sendable {
    static let fixture = Docket.package + "/fixtures/known-history.ndjson"
    static let eventCount = 27

    nonisolated(unsafe) private static let made: Result<TestLedger, any Error> = Result {
        let ledger = try TestLedger()
        let result = try ledger.run("run", fixture)
        try #require(result.status == 0, "\(result.messages)\(result.output)")
        return ledger
    }

    /// The ledger; made by the first test that asks for it.
    static func ledger() throws -> TestLedger { try made.get() }
}

/// An entry of an exported log.
struct LogEntry: Decodable {
    let sequence: String
    let id: String
    let source: String
    let type: String
    let causationid: String?
    let authid: String?
    let rule: String?
    let ruleset: String?
    let because: String?

    var number: Int { Int(sequence) ?? -1 }
    /// Indicates that it came from outside.
    var isTrigger: Bool { authid != nil && authid != "ledger" && authid != "clock" }

    static func read(_ export: String) throws -> [LogEntry] {
        let decoder = JSONDecoder()
        return try export.split(separator: "\n").map { try decoder.decode(LogEntry.self, from: Data($0.utf8)) }
    }
}

/// A result that `docket append --json` printed.
struct AppendLine: Decodable {
    let line: Int
    let status: String
    let sequence: Int?
    let id: String?
    let hash: String?
    let decisions: [Decision]?
    let problem: Problem?

    struct Problem: Decodable {
        let type: String
        /// The last part of the type.
        var name: String { String(type.split(separator: ":").last ?? "") }
    }

    struct Decision: Decodable {
        let sequence: Int
        let type: String
    }

    static func read(_ output: String) throws -> [AppendLine] {
        let decoder = JSONDecoder()
        return try output.split(separator: "\n").map { try decoder.decode(AppendLine.self, from: Data($0.utf8)) }
    }
}

/// Changes stored logs as someone with access to the disk would.
enum Tampering {
    /// Changes bytes within the newest entry, wherever the file has them.
    static func changeNewestEntry(of data: String) throws {
        let log = try Docket.binary.run("log", "--json", "--data", data)
        let newest = try #require(log.lines.last)
        try change(newest, in: data)
    }

    /// Changes the first digit of the id in an entry given by its bytes.
    static func change(_ entry: String, in data: String) throws {
        let path = data + "/log/data.mdb"
        var file = try Data(contentsOf: URL(fileURLWithPath: path))
        // An entry that lies on one page is stored in one piece; its own bytes find it, also in pages given up.
        let bytes = Data(entry.utf8)
        var from = file.startIndex
        var changed = 0
        while let range = file.range(of: bytes, in: from..<file.endIndex) {
            let mark = try #require(file.range(of: Data(#""recordedtime":"2"#.utf8), in: range))
            file[mark.upperBound - 1] = UInt8(ascii: "3")
            changed += 1
            from = range.upperBound
        }
        try #require(changed > 0, "the entry's bytes are not in the file")
        try file.write(to: URL(fileURLWithPath: path))
    }
}
