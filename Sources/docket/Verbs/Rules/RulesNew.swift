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
            Writes DIR/AGENT.yaml and DIR/tests/AGENT-requests.yaml, whose tests pass: change both into what you mean. Files \
            that are there already stay. For an agent of the program it is one rule that answers a request or refuses it; \
            any other name is a new agent, with a table of what it remembers, what changes the table, and rules that read it.

            Examples:
              docket rules new gift
              docket rules new analytics --rules proposal
            """)

    @Argument(help: "The agent: one of the program's, or a new one.")
    var agent: String

    @Option(
        name: .customLong("class"),
        help: ArgumentHelp("The priority of a new agent (default: standing).", valueName: "class"))
    var agentClass: String?

    @Option(help: ArgumentHelp("The folder of rule files.", valueName: "dir"), completion: .directory)
    var rules = "./rules"

    @OptionGroup var output: OutputOptions

    private struct Report: Encodable { let written: [String] }

    func run() throws {
        let (text, tests) = try start()
        let files = [
            (rules + "/" + agent + ".yaml", text), (rules + "/tests/" + agent + "-requests.yaml", tests),
        ]
        for (path, _) in files where access(path, F_OK) == 0 {
            throw Failure(.refused, "`\(path)` is there already")
        }
        try refuseWhatDoesNotLoad(RuleFile(name: agent + ".yaml", text: Array(text.utf8)))
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

    /// A name may be taken, by the program or by a file of the folder: nothing is written that would not load.
    private func refuseWhatDoesNotLoad(_ file: RuleFile) throws {
        try load([file])
        // Errors that the folder has already are none of the new file's.
        guard let beside = try? RuleFolder.read(rules), (try? RuleFolder.load(beside)) != nil else { return }
        try load(beside + [file])
    }

    private func load(_ files: [RuleFile]) throws {
        do throws(RuleSetError) { _ = try RuleFolder.load(files) } catch {
            throw Failure(
                .refused, "an agent cannot be named `\(agent)` here: " + (error.diagnostics.first?.message ?? ""))
        }
    }

    /// What is written: the rules and their tests.
    private func start() throws -> (rules: String, tests: String) {
        let known = RuleFolder.agents
        if known.contains(agent) {
            guard agentClass == nil else {
                throw Failure(.refused, "`\(agent)` is of the program, which says its class")
            }
            return (RuleStarter.rules(agent), RuleStarter.tests(agent))
        }
        guard RuleStarter.isAgentName(agent) else {
            throw Failure(
                .refused,
                "`\(agent)` is not a valid name for an agent: lower-case letters, digits and `_`, no digit first")
        }
        if agentClass == nil, let near = Spelling.nearest(agent, among: known) {
            throw Failure(.refused, "unknown agent `\(agent)`, did you mean `\(near)`? A new one needs `--class`")
        }
        let chosen = agentClass ?? "standing"
        guard RuleStarter.classes.contains(chosen) else {
            throw Failure(
                .refused, "unknown class `\(chosen)`, classes are \(RuleStarter.classes.joined(separator: ", "))")
        }
        return (RuleStarter.rules(agent, class: chosen), RuleStarter.tests(ofNew: agent))
    }
}
