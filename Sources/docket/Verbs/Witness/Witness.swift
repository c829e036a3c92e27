import ArgumentParser
import CommandKit
import EventLog
import Service

/// `docket witness`
struct WitnessVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Cosign checkpoints of logs that only grow (C2SP tlog-witness).",
        discussion: """
            A witness keeps, of each log that it knows, the checkpoint that it cosigned last, and cosigns another only \
            after a proof that it continues that one. Whoever asks for a witness's cosignature on a checkpoint cannot be \
            shown a history that others are not shown. Run it on another machine, by somebody other than the log's operator.

            Examples:
              docket witness key --data ./witness --name witness.example/w1 > w1.vkey
              docket witness serve --data ./witness --listen 127.0.0.1:7070 --log ledger.vkey
              docket witness cosign request --data ./witness --log ledger.vkey
            """,
        subcommands: [WitnessServe.self, WitnessCosign.self, WitnessKey.self], defaultSubcommand: WitnessServe.self)
}

/// The witness's directory and key, and the logs that it knows.
struct WitnessOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The witness's directory.", valueName: "dir"), completion: .directory)
    var data: String

    @Option(
        help: ArgumentHelp("The file of the witness's key. (default: DATA/key)", valueName: "file"),
        completion: .file())
    var keyFile: String?

    @Option(
        help: ArgumentHelp("The passphrase of a sealed key, on this file's first line.", valueName: "file"),
        completion: .file())
    var passphraseFile: String?

    @Option(
        help: ArgumentHelp(
            "The verifier key of a log that is witnessed, or a file that holds it; repeatable.", valueName: "vkey"))
    var log: [String]

    /// Opens the state; no other process has it open meanwhile.
    func open() throws -> WitnessDirectory {
        guard !log.isEmpty else { throw Failure(.couldNotRun, "name the logs that are witnessed with `--log`") }
        let logs = try log.map { try FileText.key($0) }
        let file = KeyFile(path: keyFile ?? data + "/key")
        let key: KeyFile.Opened
        do throws(KeyFileError) { key = try file.open(passphrase: passphrase()) } catch {
            throw Failure(.couldNotRun, "\(error); make a key with `docket witness key`")
        }
        return try WitnessDirectory(path: data, key: key, logs: logs)
    }

    private func passphrase() throws(KeyFileError) -> [UInt8]? {
        do throws(Failure) { return try PassphraseFile.read(passphraseFile) } catch {
            throw .malformed(path: passphraseFile ?? "", why: error.message)
        }
    }
}

/// `docket witness serve`
struct WitnessServe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer the logs that ask for cosignatures.",
        discussion: """
            POST /add-checkpoint is C2SP's call, with its status codes: 200 with the cosignature; 400 for what is not in \
            form; 403 without a valid signature of the log; 404 for a log that is not known; 409 with the size cosigned \
            last, where the request starts from another or that size has another root; 422 where the proof does not hold. \
            GET /HASH/checkpoint, where HASH is the SHA-256 of the log's origin in hex, gives the checkpoint cosigned \
            last. The new checkpoint is on the disk before the answer is sent.

            Prints one line when it is ready. SIGTERM stops it.

            Examples:
              docket witness serve --data ./witness --listen 127.0.0.1:7070 --log ledger.vkey
              docket witness serve --data ./witness --socket /run/witness.sock --log ledger.vkey --log other.vkey
            """)

    @OptionGroup var witness: WitnessOptions

    @Option(help: ArgumentHelp("The address of this machine to listen at.", valueName: "host:port"))
    var listen: String?

    @Option(help: ArgumentHelp("The Unix socket to listen at.", valueName: "path"))
    var socket: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (listen == nil) != (socket == nil) else {
            throw ValidationError("name one address: `--listen HOST:PORT` or `--socket PATH`")
        }
    }

    func run() async throws {
        let isJSON = output.json
        do throws(ServiceError) {
            let address: ListenAddress =
                if let socket { .socket(path: socket) } else { try ListenAddress(listen ?? "") }
            let service = try WitnessService(open(), at: address)
            try await service.run { address in
                if isJSON {
                    struct Ready: Encodable { let address: String, ready: Bool }
                    try? Console.json(Ready(address: "\(address)", ready: true))
                } else {
                    Console.line("docket witness: ready on \(address)")
                }
                Console.flush()
            }
        } catch {
            throw Failure(.couldNotRun, "\(error)")
        }
    }

    private func open() throws(ServiceError) -> WitnessDirectory {
        do { return try witness.open() } catch { throw ServiceError((error as? Failure)?.message ?? "\(error)") }
    }
}

/// `docket witness cosign`
struct WitnessCosign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cosign",
        abstract: "Cosign the checkpoint of one request, read from a file.",
        discussion: """
            REQUEST is what a log sends to a witness, as `docket consistency OLD NEW` prints it; the first of a log is \
            `old 0`, an empty line and a checkpoint. Prints the cosignature line. For a witness without a network.

            Exits 1 when the checkpoint is not cosigned.

            Examples:
              docket consistency 120 180 > request
              docket witness cosign request --data ./witness --log ledger.vkey
            """)

    @Argument(help: "The request; `-` for stdin.", completion: .file())
    var request: String

    @OptionGroup var witness: WitnessOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let request = try FileText.read(request)
        let answer = try witness.open().add(request)
        if let failure = answer.failure { throw failure }
        let text = String(decoding: answer.body, as: UTF8.self)
        if output.json {
            struct Answered: Encodable { let body: String, status: Int }
            try Console.json(Answered(body: text, status: answer.status))
        }
        guard answer.status == 200 else {
            let line = text.split(separator: "\n").first.map(String.init) ?? ""
            let isConflict = answer.status == 409
            throw Failure(
                .refused,
                "not cosigned (\(answer.status)): "
                    + (isConflict ? "the checkpoint cosigned last has \(line) entries, or another root" : line))
        }
        if !output.json { Console.file(answer.body) }
    }
}

/// `docket witness key`
struct WitnessKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Print the witness's verifier key; with --name make it first.",
        discussion: """
            Examples:
              docket witness key --data ./witness --name witness.example/w1 > w1.vkey
              docket witness key --data ./witness
            """)

    @Option(help: ArgumentHelp("The witness's directory.", valueName: "dir"), completion: .directory)
    var data: String

    @Option(help: ArgumentHelp("Makes a key of this name, such as witness.example/w1.", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "Seals or unseals the key with the passphrase on this file's first line.", valueName: "file"),
        completion: .file())
    var passphraseFile: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let passphrase = try PassphraseFile.read(passphraseFile)
        if let name { try WitnessDirectory.makeKey(path: data, name: name, passphrase: passphrase) }
        let key = try KeyFile(path: data + "/key").open(passphrase: passphrase).cosignerKey()
        if output.json {
            struct Shown: Encodable { let verifierKey: String }
            try Console.json(Shown(verifierKey: key))
        } else {
            Console.line(key)
        }
    }
}
