import ArgumentParser
import Audit
import CommandKit
import Engine
import EventLog
import Foundation

/// `docket-bench recompute`
struct BenchRecompute: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recompute",
        abstract: "Measure how fast the decisions of a log are derived again.",
        discussion: """
            Examples:
              docket-bench recompute --data data --json
              docket-bench recompute --data data --cores 1
            """)

    @OptionGroup var data: DataOptions

    /// `docket` beside this program, which derives the second half.
    private static var docket: String? {
        guard let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
        return own.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/docket"
    }

    @Option(help: ArgumentHelp("Cores: 1 or 2.", valueName: "n"))
    var cores = 2

    @OptionGroup var output: OutputOptions

    func run() throws {
        guard (1...2).contains(cores) else { throw Failure.couldNotRun("`--cores` is 1 or 2") }
        let log = try EventLog.openReader(directory: data.directory.log)
        let clock = Stopwatch()
        let result =
            if cores == 1 {
                try Recompute(log, views: try StoredViews.open(data.directory, origin: log.origin)).run()
            } else {
                try RecomputeOnTwoCores(log, viewsOf: data.directory, program: Self.docket).run()
            }
        let seconds = clock.seconds
        guard result.isOK else { throw Failure.refused(result.text) }
        try Measurement("recompute", count: Int(result.entries), unit: "entries", seconds: seconds).print(
            json: output.json)
    }
}
