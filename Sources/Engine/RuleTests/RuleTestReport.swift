package import Rules

/// What all tests of a rule set came to.
package struct RuleTestReport: Sendable {
    package let results: [RuleTestResult]
    package let coverage: RuleCoverage
    /// Test files that cannot be read.
    package let unreadable: [RuleDiagnostic]

    package var passed: Int { results.count(where: \.isPassed) }
    package var failed: Int { results.count - passed }
    package var isPassed: Bool { failed == 0 && unreadable.isEmpty }
    /// 0 where every test passed, else 1.
    package var exitCode: Int32 { isPassed ? 0 : 1 }

    /// Plays the files of `DIR/tests` against the rule set in `DIR`.
    /// - Throws: `DataDirectoryError` where a folder cannot be read, `RuleSetError` where the rule set is in error.
    package static func run(rulesDirectory: String) throws -> RuleTestReport {
        let rules = try DataDirectory.ruleFiles(in: rulesDirectory)
        return try run(rules: rules, tests: try DataDirectory.ruleFiles(in: rulesDirectory + "/tests"))
    }

    /// Plays test files against a rule set.
    package static func run(rules: [RuleFile], tests: [RuleFile]) throws(RuleSetError) -> RuleTestReport {
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
        return RuleTestReport(results: results, coverage: runner.coverage, unreadable: unreadable)
    }

    /// What failed and why, what no test makes a rule do, and the sums.
    package var text: String {
        var lines = unreadable.map(\.description)
        lines += results.filter { !$0.isPassed }.map(\.text)
        let missed = coverage.missed
        if !missed.isEmpty { lines += ["not covered:"] + missed.map { "  " + $0 } }
        lines.append(
            "\(passed) passed, \(failed) failed, \(Self.percent(coverage.basisPoints)) of the rules' branches covered")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func percent(_ basisPoints: Int) -> String {
        let rest = basisPoints % 100
        return "\(basisPoints / 100).\(rest < 10 ? "0" : "")\(rest) %"
    }
}
