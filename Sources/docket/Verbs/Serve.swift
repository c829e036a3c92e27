import ArgumentParser
import Engine
import FoundationEssentials
import Service

/// `docket serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the service on a Unix socket.",
        discussion: """
            Speaks HTTP/1.1 with JSON on the socket (mode 0660) and prints one line when it is ready. Checks the log's \
            newest entries against what was signed first, and refuses a log that was changed. SIGTERM stops it: the \
            current commit is finished and answered.

            Requests and replies under way hold at most --memory bytes together, however many clients there are; who \
            would go beyond is answered 503 with Retry-After, and nothing of the request is kept. As many connections \
            are served as there are open files for (`ulimit -n`); further ones wait until another ends.

            Every decision is derived again in the background from the log's first entry on, as `docket recompute` does; \
            stderr names what differs, and `/readyz` says how far it is.

            Examples:
              docket serve --data ./data
              docket serve --data ./data --socket /run/docket.sock --memory 512M
              docket serve --data ./data --policy witnesses.policy
            """)

    @OptionGroup var service: SocketOptions

    @Option(
        help: ArgumentHelp("The passphrase of a sealed signing key, on this file's first line.", valueName: "file"),
        completion: .file())
    var passphraseFile: String?

    @Option(
        help: ArgumentHelp(
            "The most that the log may grow to; a larger one than `init` set is kept. (default: as `init` set it)",
            valueName: "bytes"))
    var mapSize: Int?

    @Option(
        help: ArgumentHelp(
            "The most memory for requests and replies under way, as 512M or 2G. (default: a quarter of what there is)",
            valueName: "bytes"))
    var memory: ByteCount?

    @Option(
        help: ArgumentHelp(
            "By how much the system's clock may be set: 90s, 5m, 2h, 1d or none for any. Beyond it nothing is recorded "
                + "until the clock is right again or accepted. (default: 5m)", valueName: "time"))
    var clockJumpMax: ClockJumpOption?

    @Flag(
        inversion: .prefixedNo,
        help: "Derive every decision again in the background, at low priority; holds a second copy of the state.")
    var recompute = true

    @Option(
        help: ArgumentHelp(
            "Asks the witnesses that this C2SP tlog-policy file names with a URL to cosign checkpoints.",
            valueName: "file"), completion: .file())
    var policy: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        try MapSize.validate(mapSize)
        guard let memory, memory.bytes < ServiceLimits.memoryBytesMin else { return }
        throw ValidationError("--memory is at least \(ServiceLimits.memoryBytesMin) bytes")
    }

    func run() async throws {
        let options = try options()
        do throws(ServiceError) { try await serve(options) } catch { throw Failure(.couldNotRun, page: "\(error)") }
    }

    private func options() throws -> LedgerService.Options {
        var ledger = LedgerOptions(data: DataDirectory(service.data))
        ledger.passphrase = try PassphraseFile.read(passphraseFile)
        ledger.mapBytes = mapSize
        ledger.recomputes = recompute
        if let policy { ledger.witnesses = (policy, try FileText.read(policy)) }
        if let clockJumpMax { ledger.clockJumpMax = clockJumpMax.milliseconds }
        var options = LedgerService.Options(ledger, socket: service.path)
        options.memoryBytes = memory?.bytes
        return options
    }

    private func serve(_ options: LedgerService.Options) async throws(ServiceError) {
        let path = service.path, data = service.data, isJSON = output.json
        try await LedgerService(options).run(handlesSignals: true) { Self.sayReady(path, data, isJSON) }
    }

    private static func sayReady(_ path: String, _ data: String, _ isJSON: Bool) {
        if isJSON {
            struct Ready: Encodable { let data: String, ready: Bool, socket: String }
            try? Console.json(Ready(data: data, ready: true, socket: path))
        } else {
            Console.line("docket: ready on \(path)")
        }
        Console.flush()
    }
}

/// `docket clock`
struct ClockVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock",
        abstract: "Say that the system's clock is right.",
        discussion: """
            Examples:
              docket clock accept --data ./data
            """,
        subcommands: [ClockAccept.self])
}

/// `docket clock accept`
struct ClockAccept: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Have a running ledger believe the system's clock as it is now.",
        discussion: """
            A service stops recording when the system's clock is set by more than `serve --clock-jump-max`, so that no \
            entry is stamped with a wrong time for good. It goes on by itself when the clock is right again. Where the \
            clock was wrong before and is right now, accept it: what is due by then fires, and the time of entries \
            never goes back.

            Exits 1 when that is refused, 2 when the service cannot be reached.

            Examples:
              docket clock accept
              docket clock accept --socket /run/docket.sock
            """)

    @OptionGroup var service: SocketOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Decodable {
        let clock: String
        let jumpSeconds: Int64
    }

    func run() throws {
        let response = try HTTPClient(path: service.path).send("POST", "/v1/clock/accept")
        guard response.isSuccess else {
            let problem = ProblemDetails.decode(response.body)
            throw Failure(response.status >= 500 ? .couldNotRun : .refused, problem?.detail ?? "refused")
        }
        if output.json { return Console.line(response.body) }
        let answer = try JSONDecoder().decode(Answer.self, from: Data(response.body))
        Console.line(answer.clock)
        Console.message("accepted; it had been set by \(answer.jumpSeconds) s")
    }
}
