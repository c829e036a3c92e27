import Engine
import JSON
package import Rules

/// Results of all tests of a rule set.
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
    /// Indicates that the tests cover as much as the threshold asks for.
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

    /// Plays test files against a rule set; a test file in error is reported as unreadable.
    /// - Throws: `RuleSetError` where the rule set is in error.
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

    /// Failures with their reasons, branches that no test covers, and the sums.
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

/// Result of one rule test.
package struct RuleTestResult: Sendable {
    package enum Outcome: Sendable {
        case passed
        /// The entries that followed are not those expected.
        case failed(RuleTestDiff, [RuleTestEvaluation])
        /// A step cannot be played.
        case broken(String)
    }

    package let file: String
    package let suite: String
    package let name: String
    /// From 1.
    package let line: Int
    package let outcome: Outcome
    package let seconds: Double

    package var isPassed: Bool {
        if case .passed = outcome { true } else { false }
    }

    /// `rules/tests/order.yaml:12: name`, and under it what went wrong; empty lines for nothing.
    package var text: String {
        let place = VisibleText.line("\(file):\(line): \(name)")
        switch outcome {
        case .passed: return "ok    " + place
        case .broken(let message): return "FAIL  " + place + "\n        " + VisibleText.line(message)
        case .failed(let diff, let evaluations):
            let body =
                diff.description.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                + evaluations.flatMap(\.lines)
            return (["FAIL  " + place] + body.map { "        " + $0 }).joined(separator: "\n")
        }
    }
}

/// Evaluation of a rule in a test that failed.
package struct RuleTestEvaluation: Sendable {
    package let rule: String
    /// The type of the entry it was asked about.
    package let type: String
    /// Its result: `decided`, `refused: <condition>`, `did not hold: <condition>`, `failed: <code>`.
    package let verdict: String
    package let variables: [RuleTrace.Variable]

    init(_ rule: CompiledRule, type: String, _ outcome: RuleOutcome, _ trace: RuleTrace) {
        self.rule = rule.qualifiedName
        self.type = type
        variables = trace.variables
        let decisive = trace.conjuncts.first(where: \.isDecisive)?.source
        switch outcome {
        case .silent: verdict = "did not hold: " + (decisive ?? "")
        case .decided(let decisions) where decisions.refusal != nil:
            verdict = "refused: " + (trace.refusals.last?.source ?? "")
        case .decided(let decisions):
            verdict = decisions.isOtherwise ? "decided otherwise: " + (decisive ?? "") + " did not hold" : "decided"
        case .failed(let code, _):
            verdict = "failed: " + code.rawValue + (trace.failure.map { ": " + $0.message } ?? "")
        }
    }

    /// The rule, its verdict, and each variable with its value.
    package var lines: [String] {
        let values = variables.map { "    \($0.name) = \($0.json ?? "error: " + ($0.error ?? ""))" }
        return (["\(rule) on \(type) \(verdict)"] + values).map(VisibleText.line)
    }
}

extension RuleTestReport {
    /// `{coverage: {basisPoints, conditions, firing, refusals, rows, rules: [{branches: [{branch, hits}], file, line, rule}],
    /// silent, threshold?}, failed, passed, tests: [{file, line, name, passed, problem?, suite}],
    /// unreadable: [text]}`, canonical; a share is `{all, basisPoints, hit}`.
    package var json: [UInt8] {
        var writer = CanonicalWriter(capacity: 1 << 14)
        writer.beginObject()
        writer.key("coverage")
        write(coverage, to: &writer)
        writer.key("failed")
        writer.int(Int64(failed))
        writer.key("passed")
        writer.int(Int64(passed))
        writer.key("tests")
        writer.list(results) { write($0, to: &$1) }
        writer.key("unreadable")
        writer.list(unreadable) { $1.string($0.description) }
        writer.endObject()
        return writer.bytes
    }

    private func write(_ coverage: RuleCoverage, to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("basisPoints")
        writer.int(Int64(coverage.basisPoints))
        writer.key("conditions")
        write(coverage.conditions, to: &writer)
        writer.key("firing")
        write(coverage.firing, to: &writer)
        writer.key("refusals")
        write(coverage.refusals, to: &writer)
        writer.key("rows")
        write(coverage.rows, to: &writer)
        writer.key("rules")
        writer.list(coverage.entries) { entry, writer in
            writer.beginObject()
            writer.key("branches")
            writer.list(entry.counts) { count, writer in
                writer.beginObject()
                writer.key("branch")
                writer.string(count.branch)
                writer.key("hits")
                writer.int(Int64(count.hits))
                writer.endObject()
            }
            writer.key("file")
            writer.string(entry.file)
            writer.key("line")
            writer.int(Int64(entry.line))
            writer.key("rule")
            writer.string(entry.rule)
            writer.endObject()
        }
        writer.key("silent")
        write(coverage.silent, to: &writer)
        if let threshold {
            writer.key("threshold")
            writer.int(Int64(threshold))
        }
        writer.endObject()
    }

    private func write(_ share: RuleCoverage.Share, to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("all")
        writer.int(Int64(share.all))
        writer.key("basisPoints")
        writer.int(Int64(share.basisPoints))
        writer.key("hit")
        writer.int(Int64(share.hit))
        writer.endObject()
    }

    private func write(_ result: RuleTestResult, to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("file")
        writer.string(result.file)
        writer.key("line")
        writer.int(Int64(result.line))
        writer.key("name")
        writer.string(result.name)
        writer.key("passed")
        writer.bool(result.isPassed)
        if !result.isPassed {
            writer.key("problem")
            writer.string(result.text)
        }
        writer.key("suite")
        writer.string(result.suite)
        writer.endObject()
    }
}

extension RuleTestReport {
    /// The report in the XML that build servers read (`testsuites`, `testsuite`, `testcase`, `failure`).
    package var junit: [UInt8] {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites tests=\"\(results.count + unreadable.count)\" failures=\"\(failed + unreadable.count)\">\n"
        var files: [String] = []
        for result in results where files.last != result.file { files.append(result.file) }
        for file in files { text += suite(results.filter { $0.file == file }) }
        if !unreadable.isEmpty {
            text += "  <testsuite name=\"unreadable\" tests=\"\(unreadable.count)\" failures=\"\(unreadable.count)\">\n"
            for diagnostic in unreadable {
                text += "    <testcase name=\"\(MarkupText.escaped(diagnostic.file))\" classname=\"unreadable\">"
                text += "<failure>\(MarkupText.escaped(diagnostic.description))</failure></testcase>\n"
            }
            text += "  </testsuite>\n"
        }
        return Array((text + "</testsuites>\n").utf8)
    }

    private func suite(_ results: [RuleTestResult]) -> String {
        let name = MarkupText.escaped(results[0].suite)
        var text = "  <testsuite name=\"\(name)\" tests=\"\(results.count)\""
        text += " failures=\"\(results.count { !$0.isPassed })\">\n"
        for result in results {
            text +=
                "    <testcase name=\"\(MarkupText.escaped(result.name))\" classname=\"\(MarkupText.escaped(result.file))\""
            text += " time=\"\(result.seconds)\""
            if result.isPassed {
                text += "/>\n"
            } else {
                text += "><failure>\(MarkupText.escaped(result.text))</failure></testcase>\n"
            }
        }
        return text + "  </testsuite>\n"
    }
}
