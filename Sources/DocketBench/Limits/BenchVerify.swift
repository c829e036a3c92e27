import ArgumentParser
import Audit
import CommandKit
import Engine
import EventLog
import TransparencyLog

/// `docket-bench verify`
struct BenchVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Measure how fast a log is verified.",
        discussion: "Example: docket-bench verify --data data --key ledger.vkey --json")

    @OptionGroup var data: DataOptions

    @Option(help: ArgumentHelp("The log's verifier key, or a file that holds it.", valueName: "vkey"))
    var key: String

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let text = key.contains("+") ? key : try FileText.read(key)
        let verifier = try Verifier(trusting: text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "")
        let input = try VerifyInput.detect(data.data)
        let clock = Stopwatch()
        let result = try await verifier.run(input)
        let seconds = clock.seconds
        guard result.verdict == .ok else { throw Failure.refused(result.text) }
        try Measurement("verify", count: Int(result.entries), unit: "entries", seconds: seconds).print(
            json: output.json)
    }
}

/// `docket-bench replay`
struct BenchReplay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Measure how fast the projections are rebuilt from the log.",
        discussion: "Example: docket-bench replay --data data --json")

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let log = try EventLog.openReader(directory: data.directory.log)
        let clock = Stopwatch()
        let replay = try Replay(log)
        try replay.fold()
        try Measurement("replay", count: Int(replay.position), unit: "entries", seconds: clock.seconds)
            .print(json: output.json)
    }
}

/// `docket-bench sha256`
struct BenchSHA256: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sha256",
        abstract: "Measure how fast this machine hashes entries on one core: the limit of verification.",
        discussion: "Example: docket-bench sha256 --bytes 600 --json")

    @Option(help: ArgumentHelp("Hashes.", valueName: "n"))
    var count = 1_000_000

    @Option(help: ArgumentHelp("Bytes of each entry.", valueName: "n"))
    var bytes = 400

    @OptionGroup var output: OutputOptions

    func run() throws {
        let clock = Stopwatch()
        HashLimit.run(count: count, bytes: bytes)
        try Measurement("SHA-256 of \(bytes) bytes", count: count, unit: "entries", seconds: clock.seconds)
            .print(json: output.json)
    }
}

/// Speed of hashing on this machine, against which verification is measured.
enum HashLimit {
    /// Hashes `count` leaves of `bytes` bytes each on one core.
    /// - Returns: the last hash, so that the work is not optimised away.
    @discardableResult
    static func run(count: Int, bytes: Int) -> String {
        var leaf = [UInt8](repeating: 0x61, count: max(bytes, 32))
        var hash = leafHash(leaf)
        for _ in 0..<count {
            // Each leaf differs from the one before, as entries do.
            unsafe leaf.withUnsafeMutableBytes { unsafe hash.write(into: $0) }
            hash = leafHash(leaf)
        }
        return hash.base64
    }
}
