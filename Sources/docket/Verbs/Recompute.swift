import ArgumentParser
import Audit
import CommandKit
import Engine
import EventLog

/// `docket recompute`
struct RecomputeVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recompute",
        abstract: "Derive every decision of a log again and compare it with what is recorded.",
        discussion: """
            Takes the triggers alone from the log, and with the rule sets that it put in force derives what the clock and \
            the rules give: byte for byte the entries that follow. Any other is a difference: a fine made small and signed \
            again, a timer that fired late, a decision left out. Each comes with both versions and the money that it \
            moved. The rows of the views are compared, too, and every account with its limit.

            With `--from` it begins at the last snapshot of the views that is not behind that entry, and believes of \
            what was before what the rows of the snapshot say. Without it nothing is believed.

            Form, chain and signatures are `verify`'s; whoever doubts an operator runs both.

            Exit codes: 0 all is derived; 1 something differs; 2 it could not run.

            Examples:
              docket recompute
              docket recompute --data /var/lib/docket --json
              docket recompute --to 120000
              docket recompute --from 1000000
            """)

    @Option(
        help: ArgumentHelp("Begin at the last snapshot that is not behind this entry.", valueName: "sequence"))
    var from: UInt64?

    @Option(help: ArgumentHelp("Stop behind this entry.", valueName: "sequence"))
    var to: UInt64?

    @Option(help: ArgumentHelp("Cores to use: 1 or 2.", valueName: "n"))
    var cores = 2

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let log = try EventLog.openReader(directory: data.directory.log)
        if let to, to >= log.size {
            throw Failure(.couldNotRun, "\(to) is not in the log of \(log.size) entries")
        }
        if let from, from > to ?? max(log.size, 1) - 1 {
            throw Failure(.couldNotRun, "`--from \(from)` is behind the last entry to derive")
        }
        guard (1...2).contains(cores) else { throw Failure(.couldNotRun, "`--cores` is 1 or 2") }
        let recompute = try RecomputeOnTwoCores(log, viewsOf: data.directory, program: "/proc/self/exe")
        let progress = Progress("deriving", total: to.map { $0 + 1 } ?? log.size)
        defer { progress.finish() }
        let result = try recompute.run(from: from, to: to.map { $0 + 1 }, cores: cores) { progress.update($0) }
        progress.finish()
        if output.json { Console.line(result.json.utf8) } else { Console.page(result.text) }
        if !result.isOK { throw ExitCode(ExitStatus.refused.rawValue) }
    }
}
