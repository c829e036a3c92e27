package import Rules

/// What all tests of a rule set came to.
package struct RuleTestReport: Sendable {
    package let results: [RuleTestResult]
    package let coverage: RuleCoverage
    /// Test files that cannot be read.
    package let unreadable: [RuleDiagnostic]
    /// The percentage of the rules' branches that must be covered; nil asks for none.
    package var threshold: Int?

    package var passed: Int { results.count(where: \.isPassed) }
    package var failed: Int { results.count - passed }
    package var isPassed: Bool { failed == 0 && unreadable.isEmpty }
    /// Whether the tests cover as much as the threshold asks for.
    package var isCovered: Bool { threshold.map { coverage.basisPoints >= $0 * 100 } ?? true }
    /// 0 where every test passed and the threshold is reached, else 1.
    package var exitCode: Int32 { isPassed && isCovered ? 0 : 1 }

    /// Plays the files of `DIR/tests` against the rule set in `DIR`.
    /// - Parameter threshold: the percentage of branches that must be covered, 0 to 100.
    /// - Throws: `DataDirectoryError` where a folder cannot be read, `RuleSetError` where the rule set is in error.
    package static func run(rulesDirectory: String, threshold: Int? = nil) throws -> RuleTestReport {
        let rules = try DataDirectory.ruleFiles(in: rulesDirectory)
        let tests = try DataDirectory.ruleFiles(in: rulesDirectory + "/tests")
        return try run(rules: rules, tests: tests, threshold: threshold)
    }

    /// Plays test files against a rule set.
    package static func run(
        rules: [RuleFile], tests: [RuleFile], threshold: Int? = nil
    ) throws(RuleSetError) -> RuleTestReport {
        let runner = try RuleTestRunner(files: rules)
        var results: [RuleTestResult] = []
        var unreadable: [RuleDiagnostic] = []
        for file in tests {
            do throws(RuleSetError) {
                results += runner.run(try RuleTestFile.read(file))
            } catch {
                unreadable += error.diagnostics
            }
        }
        return RuleTestReport(results: results, coverage: runner.coverage, unreadable: unreadable, threshold: threshold)
    }

    /// What failed and why, what no test makes a rule do, and the sums.
    package var text: String {
        var lines = unreadable.map(\.description)
        lines += results.filter { !$0.isPassed }.map(\.text)
        let missed = coverage.missed
        if !missed.isEmpty { lines += ["not covered:"] + missed.map { "  " + $0 } }
        lines.append("\(passed) passed, \(failed) failed")
        lines.append(summary)
        if let threshold, !isCovered {
            lines.append("coverage \(coverage.basisPoints.percentText) is below the threshold of \(threshold) %")
        }
        for file in Set(unreadable.map(\.file)).sorted() {
            lines.append("`\(file)` has errors: none of its tests was run")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `coverage 91.30 %: rules firing 10/10, not firing 8/9, conditions 20/24, refusals 7/7, rows 4/4`
    private var summary: String {
        let shares = [
            ("rules firing", coverage.firing), ("not firing", coverage.silent), ("conditions", coverage.conditions),
            ("refusals", coverage.refusals), ("rows", coverage.rows),
        ]
        return "coverage \(coverage.basisPoints.percentText): "
            + shares.map { "\($0.0) \($0.1.hit)/\($0.1.all)" }.joined(separator: ", ")
    }
}

extension Int {
    /// Basis points as people read a share: `91.30 %`.
    var percentText: String { "\(self / 100).\(self % 100 < 10 ? "0" : "")\(self % 100) %" }
}
