import ArgumentParser
import Audit
import CommandKit
import Engine
import EventLog
import Service

/// Selects a ledger to read: its data directory, or the service that runs it.
struct SourceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A running service's Unix socket, to ask it instead of reading its data directory.", valueName: "path"))
    var socket: String?

    @OptionGroup var data: DataOptions

    /// Asks the service; nil if none is named.
    /// - Throws: `Failure` if it cannot be reached or refuses.
    func ask(_ target: String) throws -> [UInt8]? {
        guard let socket else { return nil }
        let response = try HTTPClient(path: socket).send("GET", target)
        guard response.isSuccess else {
            throw Failure(.couldNotRun, ProblemDetails.decode(response.body)?.text ?? "the service refused")
        }
        return response.body
    }

    func openLog() throws -> EventLog { try EventLog.openReader(directory: data.directory.log) }
}

/// `docket checkpoint`
struct CheckpointVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Print the newest signed checkpoint.",
        discussion: """
            A checkpoint signs the number of entries and the root of the tree over them. Whoever keeps one can tell \
            later whether the log still continues it: `docket verify --since FILE`. Cosignatures that witnesses gave on \
            it follow the log's own signature.

            With --policy the witnesses that a C2SP tlog-policy file names with a URL (`http://127.0.0.1:PORT/…`, or \
            `unix:PATH`) are asked first, and valid cosignatures kept in DATA/state. Exits 1 when its quorum is not met.

            Examples:
              docket checkpoint > checkpoint-of-today
              docket checkpoint --socket /run/docket.sock --json
              docket checkpoint --policy witnesses.policy
            """)

    @Option(
        help: ArgumentHelp("A policy file whose witnesses are asked to cosign.", valueName: "file"),
        completion: .file())
    var policy: String?

    @OptionGroup var source: SourceOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let note: [UInt8]
        var round: WitnessRound.Result?
        if let answer = try source.ask("/v1/checkpoint") {
            guard policy == nil else {
                throw Failure(.couldNotRun, "witnesses are asked with `--data`; a service asks with `serve --policy`")
            }
            note = answer
        } else {
            let log = try source.openLog()
            guard let newest = log.checkpoint else { throw EventLogError.empty }
            let store = CosignatureStore(folder: source.data.directory.state, log: log)
            round = try policy.map { try Self.ask($0, log, source.data.directory) }
            note = Array((round?.note ?? store.appended(to: newest)).utf8)
        }
        try print(note)
        guard let round else { return }
        for outcome in round.outcomes {
            if let failure = outcome.failure { Console.message("witness `\(outcome.name)`: \(failure)") }
        }
        if let missing = round.missing {
            throw Failure(.refused, "the policy's quorum is not met: it asks for \(missing)")
        }
    }

    private static func ask(
        _ policy: String, _ log: EventLog, _ data: DataDirectory
    ) throws -> WitnessRound.Result {
        do {
            let bytes = try FileText.read(policy)
            var round = try WitnessRound(policy: (policy, bytes), log: log, state: data.state)
            return try round.run(WitnessCallers().send)
        } catch let error as ReadingError {
            throw Failure(.couldNotRun, error.description)
        }
    }

    private func print(_ note: [UInt8]) throws {
        let checkpoint = try CheckpointReading(note)
        guard output.json else { return Console.file(note) }
        struct Shown: Encodable { let checkpoint: String, origin: String, root: String, size: UInt64 }
        try Console.json(
            Shown(
                checkpoint: String(decoding: note, as: UTF8.self), origin: checkpoint.origin, root: checkpoint.root,
                size: checkpoint.size))
    }
}

/// `docket consistency`
struct Consistency: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove that one checkpoint continues another.",
        discussion: """
            Prints what a witness is asked (C2SP tlog-witness): `old N`, the hashes, an empty line and the newer \
            checkpoint. OLD and NEW are sizes of commits or files with their checkpoints, whose roots must be the log's.

            Exits 1 when the log does not continue the checkpoint in a file, 2 when a size is not that of a commit and no \
            checkpoint is given whose root shows that the entries are others.

            Examples:
              docket consistency 120 180
              docket consistency checkpoint-of-last-week checkpoint-of-today
              docket consistency 120 180 --socket /run/docket.sock --json
            """)

    @Argument(help: "The smaller size, or a file with its checkpoint.", completion: .file())
    var old: String

    @Argument(help: "The larger size, or a file with its checkpoint.", completion: .file())
    var new: String

    @OptionGroup var source: SourceOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let old = try Self.size(old), new = try Self.size(new)
        guard old.size <= new.size else {
            throw Failure(.couldNotRun, "the old size \(old.size) is above the new size \(new.size)")
        }
        let proof: ConsistencyReading
        do {
            if let answer = try source.ask("/v1/consistency?from=\(old.size)&to=\(new.size)") {
                proof = try ConsistencyReading(from: old, to: new, answer: answer)
            } else {
                proof = try ConsistencyReading(from: old, to: new, in: source.openLog())
            }
        } catch let error as ReadingError {
            throw Failure(.refused, error.description)
        }
        guard output.json else { return Console.file(proof.text) }
        struct Shown: Encodable { let checkpoint: String, hashes: [String], new: UInt64, old: UInt64 }
        try Console.json(
            Shown(
                checkpoint: String(decoding: proof.checkpoint, as: UTF8.self), hashes: proof.hashes, new: new.size,
                old: old.size))
    }

    /// Reads a size or a checkpoint's file.
    private static func size(_ text: String) throws -> SignedSize {
        if let size = SignedSize(text) { return size }
        let note = try FileText.read(text)
        do throws(ReadingError) { return SignedSize(try CheckpointReading(note)) } catch {
            throw Failure(.couldNotRun, "`\(text)`: \(error.description)")
        }
    }
}
