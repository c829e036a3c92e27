import ArgumentParser
import Audit
import Engine
import EventLog
import Rules

/// `docket rules show`
struct RulesShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the rule set in force, or one that was, as the log holds it.",
        discussion: """
            A rule set that was in force before is named by its digest, which `docket log --type ruleset.activated` lists.

            Examples:
              docket rules show
              docket rules show 3f1c… --file complaint.yaml
            """)

    @Argument(help: "A rule set's digest, or its first characters. (default: the one in force)")
    var digest: String?

    @Option(help: ArgumentHelp("Print this file as it was written.", valueName: "name"))
    var file: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct Shown: Encodable {
        let digest: String, activated: UInt64, effectiveFrom: String?, isInForce: Bool, files: [String]
    }

    private func find(in known: RuleSetList) throws -> RuleSetList.Item {
        do throws(ReadingError) { return try known.find(digest) } catch { throw Failure(.refused, "\(error)") }
    }

    func run() throws {
        let log = try EventLog.openReader(directory: data.directory.log)
        let replay = try Replay(log)
        try replay.fold()
        let chosen = try find(in: RuleSetList(replay))
        guard let files = replay.machine.ruleFiles(of: chosen.digest) else {
            throw Failure(.refused, "the log lacks a file of rule set `\(chosen.digest)`")
        }
        if let file {
            guard let found = files.first(where: { $0.name == file }) else {
                throw Failure(.refused, "the rule set has no file `\(file)`")
            }
            return Console.file(found.text)
        }
        if output.json {
            try Console.json(
                Shown(
                    digest: chosen.digest, activated: chosen.activated, effectiveFrom: chosen.effectiveFrom,
                    isInForce: chosen.isInForce, files: files.map(\.name)))
        } else {
            Console.line("\(chosen.digest)  \(chosen.standing)")
            for file in files { Console.line("  \(file.name)  \(file.text.count) bytes") }
        }
    }
}
