import ArgumentParser
import Engine
import Glibc
import Rules

/// `docket rules new`
struct RulesNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Start an agent's rule file.",
        discussion: """
            Writes DIR/AGENT.yaml with one rule that answers a request or refuses it, and DIR/tests/AGENT-requests.yaml with \
            a test of each way, which pass: change both into what you mean. Files that are there already stay.

            Example: docket rules new analytics --rules proposal
            """)

    @Argument(help: "The agent, one of the program's.")
    var agent: String

    @Option(help: ArgumentHelp("The folder of rule files.", valueName: "dir"), completion: .directory)
    var rules = "./rules"

    @OptionGroup var output: OutputOptions

    private struct Report: Encodable { let written: [String] }

    func run() throws {
        let known = RuleFolder.agents
        guard known.contains(agent) else {
            let hint = Spelling.nearest(agent, among: known).map { "did you mean `\($0)`?" }
            throw Failure(
                .refused, "unknown agent `\(agent)`, " + (hint ?? "the program has " + known.joined(separator: ", ")))
        }
        let files = [
            (rules + "/" + agent + ".yaml", RuleStarter.rules(agent)),
            (rules + "/tests/" + agent + "-requests.yaml", RuleStarter.tests(agent)),
        ]
        for (path, _) in files where access(path, F_OK) == 0 {
            throw Failure(.refused, "`\(path)` is there already")
        }
        for folder in [rules, rules + "/tests"] where access(folder, F_OK) != 0 {
            guard mkdir(folder, 0o755) == 0 else { throw Failure(.couldNotRun, "`\(folder)` cannot be made") }
        }
        for (path, text) in files { try FileText.write(Array(text.utf8), to: path) }
        if output.json {
            try Console.json(Report(written: files.map(\.0)))
        } else {
            files.forEach { Console.line($0.0) }
        }
    }
}
