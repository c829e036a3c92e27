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

    /// Refuses a file that would not load, because the program or another file of the folder has taken its name.
    private func refuseWhatDoesNotLoad(_ file: RuleFile) throws {
        try load([file])
        // Errors already in the folder are not those of the new file.
        guard let beside = try? RuleFolder.read(rules), (try? RuleFolder.load(beside)) != nil else { return }
        try load(beside + [file])
    }

    private func load(_ files: [RuleFile]) throws {
        do throws(RuleSetError) { _ = try RuleFolder.load(files) } catch {
            throw Failure(
                .refused, "an agent cannot be named `\(agent)` here: " + (error.diagnostics.first?.message ?? ""))
        }
    }

    /// The text of the rule file and of its tests.
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

/// `docket rules format`
struct RulesFormat: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "format",
        abstract: "Give rule files their one layout.",
        discussion: """
            Puts the keys of each rule in the order in which they are asked, a blank line between rules, and takes blanks \
            from the ends of lines; in DIR and DIR/tests. Comments stay with what they stand above, and what a file says \
            stays the same. Prints the names of the files that it changed.

            With --check nothing is written; exits 1 where a file differs. Keys that cannot be put in order without changing what \
            the file says, as those of a rule in braces, are told with their place, and it exits 1.

            Examples:
              docket rules format rules
              docket rules format --check rules
            """)

    @Argument(help: "The folder of rule files.", completion: .directory)
    var directory = "./rules"

    @Flag(help: "Only say which files differ.")
    var check = false

    @OptionGroup var output: OutputOptions

    private struct Report: Encodable {
        let differs: [String]
        /// The positions of keys that stay out of order.
        let unordered: [String]
    }

    func run() throws {
        var differs: [String] = []
        var unordered: [RuleDiagnostic] = []
        var folders = [""]
        if access(directory + "/tests", F_OK) == 0 { folders.append("tests/") }
        for folder in folders {
            for file in try RuleFolder.read(directory + "/" + folder) {
                let text: [UInt8]
                do throws(RuleSetError) { text = try RuleFormat.formatted(file) } catch {
                    throw Failure(.couldNotRun, page: error.description)
                }
                unordered += RuleFormat.unordered(RuleFile(name: folder + file.name, text: text))
                guard text != file.text else { continue }
                differs.append(folder + file.name)
                if !check { try FileText.write(text, to: directory + "/" + folder + file.name) }
            }
        }
        if output.json {
            let places = unordered.map { "\($0.file):\($0.line):\($0.column)" }
            try Console.json(Report(differs: differs, unordered: places))
        } else {
            differs.forEach { Console.line($0) }
        }
        if !unordered.isEmpty {
            throw Failure(.refused, page: unordered.map(\.description).joined(separator: "\n"))
        }
        if check, !differs.isEmpty {
            throw Failure(
                .refused,
                "\(differs.count) \(differs.count == 1 ? "file differs" : "files differ"): `docket rules format`")
        }
    }
}
