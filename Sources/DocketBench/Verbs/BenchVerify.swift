import ArgumentParser
import Audit
import CommandKit
import Engine

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
