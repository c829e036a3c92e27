import ArgumentParser
import Engine
import Service

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
        options.passphrase = try Passphrase.read(passphraseFile)
        do throws(ServiceError) { return try LocalLedger(options, principal: principal) } catch {
            throw Failure(.couldNotRun, page: "\(error)")
        }
    }
}
