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
    ///   - data: where, instead of in the folder.
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

    /// A verb on this ledger's data directory.
    func run(_ arguments: String..., input: String? = nil) throws -> Docket.Result {
        try docket.run(arguments + ["--data", data], input: input)
    }

    /// A verb on this ledger's socket.
    func send(_ arguments: String..., input: String? = nil) throws -> Docket.Result {
        try docket.run(arguments + ["--socket", socket], input: input)
    }

    /// A verb of `docket-bench` on this ledger's socket.
    func load(_ arguments: String...) throws -> Docket.Result {
        try Docket.bench.run(arguments + ["--socket", socket, "--json"])
    }

    /// A verb of `docket-bench` on this ledger's data directory.
    func measure(_ arguments: String...) throws -> Docket.Result {
        try Docket.bench.run(arguments + ["--data", data, "--json"])
    }

    // MARK: Service

    /// Starts the service and waits until it is ready.
    @discardableResult
    func startService(_ more: String...) throws -> ChildProcess { try startService(more) }

    /// Starts the service and waits until it is ready.
    @discardableResult
    func startService(_ more: [String]) throws -> ChildProcess {
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

    /// What the service said on stderr.
    var messages: String { (try? String(contentsOfFile: folder.file("messages"), encoding: .utf8)) ?? "" }

    /// Its exit status where it ends by itself, or the negative number of the signal that ended it.
    func waitForService() throws -> Int32 {
        let process = try #require(service)
        service = nil
        return process.wait()
    }

    /// SIGTERM, and its exit code.
    func stopService() throws -> Int32 {
        let process = try #require(service)
        process.terminate()
        service = nil
        return process.wait()
    }

    /// SIGKILL.
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
