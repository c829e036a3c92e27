import ArgumentParser
import Audit
import Engine

/// `docket bench verify`
struct BenchVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Measure how fast a log is verified.",
        discussion: "Example: docket bench verify --data data --key ledger.vkey --json")

    @OptionGroup var data: DataOptions
    @OptionGroup var key: KeyOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let clock = Stopwatch()
        let result = try await VerifyRun.run(data.data, key: key)
        let seconds = clock.seconds
        guard result.verdict == .ok else { throw Failure(.refused, result.text) }
        try Measurement("verify", count: Int(result.entries), unit: "entries", seconds: seconds).print(
            json: output.json)
    }
}
