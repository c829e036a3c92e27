import ArgumentParser
import Audit
import Engine
import EventLog

/// `docket explain`
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say why an entry is there, in words anyone can read.",
        discussion: """
            Prints the rule as written, each of its named expressions with its value at that moment, which condition held \
            and which did not, the rules that did not fire and why, what followed, and what the accounts were before and \
            after. At the end the rules are asked again about the same event on the same state.

            Exits 1 when they do not give what the log holds, or when there is no such entry.

            Examples:
              docket explain 58
              docket explain 58 --json
            """)

    @Argument(help: "The entry's sequence.")
    var sequence: UInt64

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let log = try EventLog.openReader(directory: data.directory.log)
        guard sequence < log.size else {
            throw Failure(.refused, "\(sequence) is not in the log of \(log.size) entries")
        }
        let progress = Progress("folding", total: sequence)
        let explanation = try Explainer(log).explain(sequence) { progress.update($0) }
        progress.finish()
        if output.json { Console.line(explanation.json) } else { Console.page(explanation.text) }
        if let place = explanation.recomputation?.firstDifference {
            throw Failure(.refused, "the rules do not give what the log holds at #\(place)")
        }
    }
}
