import ArgumentParser
import CommandKit

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
