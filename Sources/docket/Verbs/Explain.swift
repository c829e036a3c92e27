import ArgumentParser
import Audit
import Engine
import EventLog
import Glibc
import JSON

/// `docket explain`
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say why an entry is there, in words anyone can read.",
        discussion: """
            Prints the reason, the causes, the settings and values that decided, the rules that might have said something \
            else, what followed, who received what, and what the accounts were before and after. At the end the rules are \
            asked again about the same event on the same state. --verbose adds the rules as they are written, every \
            condition and every value; --json has all of it.

            With --rules the event is decided once more in that same state under other rules, and both are set side by side: \
            those in force now (`active`), those of a digest or the beginning of one, or a folder of rule files.

            Exits 1 when the rules of its time do not give what the log holds, or when there is no such entry.

            Examples:
              docket explain 58
              docket explain 58 --verbose
              docket explain 58 --rules active
              docket explain 58 --rules ../proposal/rules --json
            """)

    @Argument(help: "The entry's sequence.")
    var sequence: UInt64

    @Flag(help: "Add the rules as they are written, every condition and every value.")
    var verbose = false

    @Option(
        help: ArgumentHelp(
            "Also decide under these rules: `active`, a digest or its beginning, or a folder.",
            valueName: "digest|dir"))
    var rules: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let log = try EventLog.openReader(directory: data.directory.log)
        guard sequence < log.size else {
            throw Failure(.refused, "\(sequence) is not in the log of \(log.size) entries")
        }
        let asked = try rules.map(Self.rules)
        let progress = Progress("folding", total: sequence)
        let explanation = try explanation(in: log, asked, progress)
        progress.finish()
        if output.json { Console.line(explanation.json) } else { Console.page(explanation.text(verbose: verbose)) }
        if let place = explanation.recomputation?.firstDifference {
            throw Failure(.refused, "the rules do not give what the log holds at #\(place)")
        }
    }

    private func explanation(in log: EventLog, _ asked: RulesAsked?, _ progress: Progress) throws -> Explanation {
        do throws(ReplayError) {
            return try Explainer(log).explain(sequence, under: asked) { progress.update($0) }
        } catch {
            guard error.code == .unknownRules else { throw error }
            throw Failure(.couldNotRun, "\(error)")
        }
    }

    /// A path names a folder; anything else is `active` or a digest.
    private static func rules(_ text: String) throws(Failure) -> RulesAsked {
        if text == "active" { return .active }
        let isPath = text.contains("/") || text.hasPrefix(".") || access(text, F_OK) == 0
        return isPath ? .files(try RuleFolder.read(text)) : .recorded(text)
    }
}
