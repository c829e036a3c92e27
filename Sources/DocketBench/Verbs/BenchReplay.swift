import ArgumentParser
import Audit
import CommandKit
import Engine
import EventLog

/// `docket-bench replay`
struct BenchReplay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Measure how fast the projections are rebuilt from the log.",
        discussion: "Example: docket-bench replay --data data --json")

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let log = try EventLog.openReader(directory: data.directory.log)
        let clock = Stopwatch()
        let replay = try Replay(log)
        try replay.fold()
        try Measurement("replay", count: Int(replay.position), unit: "entries", seconds: clock.seconds)
            .print(json: output.json)
    }
}
