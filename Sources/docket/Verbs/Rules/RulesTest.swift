import ArgumentParser
import Foundation
import JSON
import RuleTesting

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

/// `docket rules mutate`
struct RulesMutate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mutate",
        abstract: "Try the tests of rule files: change a rule and see whether a test fails.",
        discussion: """
            Negates each condition, changes each figure, leaves out each line of `refuse`, each decision, timer, cancel and \
            fold, one at a time, on all cores; plays DIR/tests, and names what no test noticed, on stderr at once. What cannot be \
            loaded is not counted. Exits 1 \
            when less is noticed than --fail-under asks for, 2 when a test fails as it is.

            Examples:
              docket rules mutate rules
              docket rules mutate rules --fail-under 90
            """)

    @Argument(help: "The folder of rule files.", completion: .directory)
    var directory = "./rules"

    @Option(help: ArgumentHelp("The percentage that tests must notice.", valueName: "percent"))
    var failUnder: Int?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let failUnder, !(0...100).contains(failUnder) { throw ValidationError("--fail-under is 0 to 100") }
    }

    func run() async throws {
        let report: RuleMutationReport
        do {
            report = try await RuleMutationReport.run(
                rulesDirectory: directory, threads: ProcessInfo.processInfo.activeProcessorCount
            ) { progress in
                switch progress {
                case .tried(let done, let total): if done % 50 == 0 { Console.message("\(done) of \(total)") }
                case .survived(let survivor): Console.message(VisibleText.line(survivor.text))
                }
            }
        } catch {
            throw Failure(.couldNotRun, page: "\(error)")
        }
        if output.json { Console.line(report.json) } else { Console.page(report.text) }
        if let failUnder, report.basisPoints < failUnder * 100 {
            throw Failure(.refused, "the tests notice less than \(failUnder) % of what was changed")
        }
    }
}
