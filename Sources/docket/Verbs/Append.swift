import ArgumentParser
import Engine
import Service

/// `docket append`
struct Append: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send events to a running service and print what was decided.",
        discussion: """
            Reads CloudEvents, one JSON object a line, and prints one result a line: the sequence it got, what became \
            of it (appended, exists, refused), and the decisions. Each result is durable when it is printed. A line that \
            is refused, or is not JSON, is named by its number and stops no other, except with --atomic. Sending the \
            same file again is safe: an event with the same source and id is applied once.

            Exits 1 when an event was refused, 2 when the service cannot be reached or went away; then the lines that \
            were sent and not answered are named.

            Examples:
              docket append fixtures/known-history.ndjson
              docket append --batch 1000 --json events.ndjson > results.ndjson
              echo '{"specversion":"1.0", …}' | docket append --dry-run -
            """)

    @Argument(help: "A file of events, one a line; `-` for stdin.", completion: .file())
    var file: String

    @Option(help: ArgumentHelp("Events in one request, 1 to 10,000. (default: 1; with --atomic all)", valueName: "n"))
    var batch: Int?

    @Flag(help: "All events of the file, or none.")
    var atomic = false

    @Flag(help: "Say what would be decided and keep nothing.")
    var dryRun = false

    @OptionGroup var service: SocketOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let batch, !(1...AppendBatch.eventsMax).contains(batch) {
            throw ValidationError("`--batch` is from 1 to \(AppendBatch.eventsMax)")
        }
        if batch != nil, atomic { throw ValidationError("`--atomic` sends one request: leave out `--batch`") }
    }

    func run() throws {
        let directory = DataDirectory(service.data)
        if service.socket == nil, directory.isReadOnlyCopy { throw Failure(.couldNotRun, directory.readOnlyReason) }
        let report = AppendReport(json: output.json, isDryRun: dryRun)
        let client = AppendClient(
            client: HTTPClient(path: service.path), isAtomic: atomic, isDryRun: dryRun, report: report)
        let lines = try LineReader(file)
        do { try client.send(lines, batch: batch ?? (atomic ? AppendBatch.eventsMax : 1)) } catch {
            if report.isStarted { report.summarize() }
            throw error
        }
        report.summarize()
        if report.refused > 0 { throw ExitCode(ExitStatus.refused.rawValue) }
    }
}

/// `docket run`
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Append events without a service: for history, fixtures and tests.",
        discussion: """
            Writes byte for byte the log that `serve` would on the events' clock, sent one request at a time. Prints one \
            result a line, as `append` does. Refuses to run beside a service.

            Examples:
              docket run --data ./history fixtures/known-history.ndjson
              docket run --data ./history --as U-admin corrections.ndjson
            """)

    @Argument(help: "A file of events, one a line; `-` for stdin.", completion: .file())
    var file: String

    @Option(name: .customLong("as"), help: ArgumentHelp("Who appends.", valueName: "name"))
    var principal = "local"

    @Option(
        help: ArgumentHelp("The passphrase of a sealed signing key, on this file's first line.", valueName: "file"),
        completion: .file())
    var passphraseFile: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let report = AppendReport(json: output.json)
        let lines = try LineReader(file)
        let ledger = try open()
        do {
            while let line = try lines.next() {
                let answer = await ledger.append(line, isBatch: false)
                try report.answer(status: answer.status, body: answer.body, line: line, number: lines.number)
            }
        } catch {
            ledger.stop()
            throw error
        }
        ledger.stop()
        report.summarize()
        if report.refused > 0 { throw ExitCode(ExitStatus.refused.rawValue) }
    }

    private func open() throws -> LocalLedger {
        var options = LedgerOptions(data: data.directory)
        options.passphrase = try PassphraseFile.read(passphraseFile)
        do throws(ServiceError) { return try LocalLedger(options, principal: principal) } catch {
            throw Failure(.couldNotRun, page: "\(error)")
        }
    }
}
