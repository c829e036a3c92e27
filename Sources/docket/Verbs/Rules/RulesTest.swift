import ArgumentParser
import Engine

/// `docket rules test`
struct RulesTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the tests of a folder of rule files.",
        discussion: """
            Plays every test of DIR/tests/*.yaml (given, when, expect) against a ledger in memory, says what differed, and \
            what of the rules (firing or not, parts of conditions, rows of tables) no test did. Exits 1 when a test fails, or \
            when less is covered than the threshold asks for.

            Examples:
              docket rules test rules
              docket rules test rules --junit results.xml
              docket rules test rules --threshold 90
            """)

    @Argument(help: "The folder of rule files.", completion: .directory)
    var directory = "./rules"

    @Option(help: ArgumentHelp("Write the results for a build server.", valueName: "file"), completion: .file())
    var junit: String?

    @Option(help: ArgumentHelp("The percentage that the tests must cover.", valueName: "percent"))
    var threshold: Int?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let threshold, !(0...100).contains(threshold) { throw ValidationError("--threshold is 0 to 100") }
    }

    func run() throws {
        let report: RuleTestReport
        do { report = try RuleTestReport.run(rulesDirectory: directory, threshold: threshold) } catch {
            throw Failure(.couldNotRun, page: "\(error)")
        }
        if let junit { try FileText.write(report.junit, to: junit) }
        if output.json { Console.line(report.json) } else { Console.page(report.text) }
        if report.exitCode != 0 { throw ExitCode(ExitStatus.refused.rawValue) }
    }
}
