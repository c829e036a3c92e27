import JSON
package import Rules

/// What became of one rule test.
package struct RuleTestResult: Sendable {
    package enum Outcome: Sendable {
        case passed
        /// What follows is not what was expected.
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
