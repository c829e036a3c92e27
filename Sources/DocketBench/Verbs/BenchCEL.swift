import ArgumentParser
import CommandKit

/// `docket-bench cel`
struct BenchCEL: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cel",
        abstract: "Measure how long typical rule conditions take.",
        discussion: """
            Evaluates six conditions on an event that is read in place from its recorded bytes, and compiles one. Each is run in \
            five rounds, of which the fastest counts.

            Examples:
              docket-bench cel
              docket-bench cel --only main --json
            """)

    /// A neighbour on the machine slows a round down, never the condition.
    private static let rounds = 5

    @Option(help: ArgumentHelp("Runs of each expression in a round.", valueName: "n"))
    var count = 500_000

    @Option(help: ArgumentHelp("Measure only the one of this name.", valueName: "name"))
    var only: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard count > 0 else { throw ValidationError("--count is 1 or more") }
    }

    func run() throws {
        let cases = try CELBenchmark.cases()
        let chosen = cases.filter { only == nil || $0.name == only }
        guard !chosen.isEmpty else {
            throw ValidationError("--only is one of \(cases.map { "`\($0.name)`" }.joined(separator: ", "))")
        }
        for benchmark in chosen {
            // Compiling takes some hundred times as long as evaluating.
            let runs = benchmark.name == "compile" ? max(1, count / 100) : count
            let seconds = Self.seconds(runs, benchmark.run)
            var result = Measurement("CEL: \(benchmark.name)", count: runs, unit: "runs", seconds: seconds)
            result.expression = benchmark.expression
            try result.print(json: output.json)
            if !output.json {
                print("    \(Text.decimal(seconds / Double(runs) * 1e9, places: 0)) ns: \(benchmark.expression)")
            }
        }
    }

    /// The time of the fastest round.
    private static func seconds(_ runs: Int, _ body: () -> Void) -> Double {
        (0..<rounds).map { _ in
            let clock = Stopwatch()
            for _ in 0..<runs { body() }
            return clock.seconds
        }.min() ?? 0
    }
}
