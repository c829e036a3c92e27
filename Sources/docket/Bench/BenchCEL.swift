import ArgumentParser
import CEL

/// `docket bench cel`
struct BenchCEL: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cel",
        abstract: "Measure how long typical rule conditions take.",
        discussion: "Example: docket bench cel --json")

    @Option(help: ArgumentHelp("Runs of each expression.", valueName: "n"))
    var count = 500_000

    @OptionGroup var output: OutputOptions

    func run() throws {
        for benchmark in try CELBenchmark.cases() {
            // Compiling takes some hundred times as long as evaluating.
            let runs = benchmark.name == "compile" ? max(1, count / 100) : count
            let clock = Stopwatch()
            for _ in 0..<runs { benchmark.run() }
            let seconds = clock.seconds
            let result = Measurement("CEL: \(benchmark.name)", count: runs, unit: "runs", seconds: seconds)
            try result.print(json: output.json)
            if !output.json {
                Console.line("    \(Text.decimal(seconds / Double(runs) * 1e9, places: 0)) ns: \(benchmark.expression)")
            }
        }
    }
}
