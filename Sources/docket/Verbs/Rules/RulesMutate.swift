import ArgumentParser
import Engine

/// `docket rules mutate`
struct RulesMutate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mutate",
        abstract: "Try the tests of rule files: change a rule and see whether a test fails.",
        discussion: """
            Negates each condition, changes each figure, leaves out each line of `refuse`, each decision, timer, cancel and \
            fold, one at a time; plays DIR/tests, and names what no test noticed. What cannot be loaded is not counted. Exits 1 \
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

    func run() throws {
        let report: RuleMutationReport
        do {
            report = try RuleMutationReport.run(rulesDirectory: directory) { done, all in
                if done % 50 == 0, done > 0 { Console.message("\(done) of \(all)") }
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
