import ArgumentParser
import Engine

/// `docket rules test`
struct RulesTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the tests of a folder of rule files.",
        discussion: """
            Plays every test of DIR/tests/*.yaml (given, when, expect) against a ledger in memory, says what differed, and \
            how often each rule and table row was hit. Exits 1 when a test fails.

            Examples:
              docket rules test rules
              docket rules test rules --junit results.xml
            """)

    @Argument(help: "The folder of rule files.", completion: .directory)
    var directory = "./rules"

    @Option(help: ArgumentHelp("Write the results for a build server.", valueName: "file"), completion: .file())
    var junit: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let report: RuleTestReport
        do { report = try RuleTestReport.run(rulesDirectory: directory) } catch {
            throw Failure(.couldNotRun, "\(error)")
        }
        if let junit { try FileText.write(report.junit, to: junit) }
        if output.json { Console.line(report.json) } else { Console.line(report.text) }
        if !report.isPassed { throw ExitCode(ExitStatus.refused.rawValue) }
    }
}
