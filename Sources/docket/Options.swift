import ArgumentParser
import Audit
import Engine
import EventLog

/// Selects the ledger.
struct DataOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The ledger's data directory.", valueName: "dir"), completion: .directory)
    var data = "./data"

    var directory: DataDirectory { DataDirectory(data) }
}

/// Selects the running service.
struct SocketOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The service's Unix socket. (default: DATA/docket.sock)", valueName: "path"))
    var socket: String?

    @Option(help: ArgumentHelp("The ledger's data directory.", valueName: "dir"), completion: .directory)
    var data = "./data"

    var path: String { socket ?? DataDirectory(data).socket }
}

/// The log's public key, which the verifier needs from a trusted place.
struct KeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The log's verifier key, or a file that holds it. A key found in the data is never trusted.",
            valueName: "vkey"))
    var key: String

    func read() throws(Failure) -> String { try FileText.key(key) }
}

/// The log's signing key, for verbs that sign, or read what only who signs can write.
struct SigningKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The file of the log's signing key. (default: DATA/key)", valueName: "file"),
        completion: .file())
    var keyFile: String?

    @Option(
        help: ArgumentHelp("The passphrase of a sealed signing key, on this file's first line.", valueName: "file"),
        completion: .file())
    var passphraseFile: String?

    /// Opens the key of a log.
    /// - Throws: `Failure` if it cannot be read, or is that of another log.
    func open(_ directory: DataDirectory, of log: EventLog) throws(Failure) -> KeyFile.Opened {
        let file = KeyFile(path: keyFile ?? directory.signingKey)
        let passphrase = try PassphraseFile.read(passphraseFile)
        let key: KeyFile.Opened
        let isOfLog: Bool
        do throws(KeyFileError) {
            key = try file.open(passphrase: passphrase)
            isOfLog = try key.signs(log)
        } catch {
            throw Failure(.couldNotRun, "\(error)")
        }
        guard isOfLog else { throw Failure(.couldNotRun, "`\(file.path)` is not the key of this ledger") }
        return key
    }
}

/// The witnesses who must have cosigned a checkpoint.
struct DemandOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A C2SP tlog-policy file: the witnesses, and how many of whom must have cosigned.", valueName: "file"),
        completion: .file())
    var policy: String?

    @Option(
        help: ArgumentHelp(
            "The verifier key of a witness who must have cosigned, or a file that holds it; repeatable.",
            valueName: "vkey"))
    var witness: [String] = []

    var isEmpty: Bool { policy == nil && witness.isEmpty }

    /// Reads the demand on checkpoints of a log; nil if there is none.
    /// - Throws: `Failure` for a file or key that cannot be used.
    func read(log key: String) throws(Failure) -> WitnessDemand? {
        guard !isEmpty else { return nil }
        var file: (String, [UInt8])?
        if let policy { file = (policy, try FileText.read(policy)) }
        var keys: [String] = []
        for name in witness { keys.append(try FileText.key(name)) }
        do throws(ReadingError) { return try WitnessDemand(policy: file, witnesses: keys, log: key) } catch {
            throw Failure(.couldNotRun, error.description)
        }
    }
}

/// The output format.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON: one value, or one a line.")
    var json = false
}

/// A moment in the ledger's history on the command line.
enum MomentOption {
    /// Parses a sequence or a time; nil, for the newest entry, if no text is given.
    /// - Throws: `Failure` for any other text.
    static func moment(_ text: String?) throws(Failure) -> Moment? {
        guard let text else { return nil }
        guard let moment = Moment(text) else {
            throw Failure(.couldNotRun, "`\(text)` is neither a sequence nor a time such as `2024-02-16T16:00:00Z`")
        }
        return moment
    }
}

/// A number of bytes, such as `1048576`, `512M` or `2G`: K, M, G and T are powers of 1,024.
struct ByteCount: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        let digits = argument.utf8.prefix { (0x30...0x39).contains($0) }
        let power: Int? =
            switch argument.utf8.dropFirst(digits.count).map({ $0 | 0x20 }) {
            case []: 0
            case [UInt8(ascii: "k")]: 1
            case [UInt8(ascii: "m")]: 2
            case [UInt8(ascii: "g")]: 3
            case [UInt8(ascii: "t")]: 4
            default: nil
            }
        guard let power, let count = Int(String(digits) ?? "") else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << (10 * power))
        guard !overflow else { return nil }
        self.bytes = bytes
    }
}

/// The largest change of the system's clock that is accepted: `90s`, `5m`, `2h`, `1d`, a number of seconds, or `none`
/// for no limit.
struct ClockJumpOption: ExpressibleByArgument {
    /// Nil for no limit.
    let milliseconds: Int64?

    private static let millisecondsByUnit: [Character: Int64] = [
        "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000,
    ]
    private static let daysMax: Int64 = 36_500

    init?(argument: String) {
        guard argument != "none" else {
            milliseconds = nil
            return
        }
        let unit = argument.last.flatMap { Self.millisecondsByUnit[$0] }
        let digits = unit == nil ? argument[...] : argument.dropLast()
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int64(digits), number > 0
        else { return nil }
        let (product, isOver) = number.multipliedReportingOverflow(by: unit ?? 1000)
        guard !isOver, product <= Self.daysMax * 86_400_000 else { return nil }
        milliseconds = product
    }
}

/// The limits of `--map-size`.
enum MapSize {
    static let bytes = (1 << 20)...(1 << 46)

    static func validate(_ size: Int?) throws {
        guard let size, !bytes.contains(size) else { return }
        throw ValidationError("`--map-size` is from \(bytes.lowerBound) to \(bytes.upperBound) bytes, not \(size)")
    }
}
