import JSON
import Rules

/// What the tests of a rule set noticed of changes of its rules.
package struct RuleMutationReport: Sendable {
    /// A mutant with which every test passed.
    package struct Survivor: Sendable {
        /// `agent/id`, or `agent` where the change is outside its rules.
        package let rule: String
        package let file: String
        package let line: Int
        package let change: String
    }

    package let mutants: Int
    package let survivors: [Survivor]

    /// The share that the tests noticed, in hundredths of a percent.
    package var basisPoints: Int { mutants == 0 ? 10_000 : (mutants - survivors.count) * 10_000 / mutants }

    /// Plays the tests of a folder once for each mutant, each until one fails.
    /// - Parameter progress: called before each mutant with their number so far and in all.
    /// - Throws: what `RuleTestReport.run` throws, and a `RuleTestsFailing` where tests fail without any mutant.
    package static func run(rulesDirectory: String, progress: (Int, Int) -> Void) throws -> RuleMutationReport {
        let rules = try DataDirectory.ruleFiles(in: rulesDirectory)
        let files = try DataDirectory.ruleFiles(in: rulesDirectory + "/tests").map(RuleTestFile.read)
        let asked = try files.map { file in
            let runner = try RuleTestRunner(files: rules)
            let failing = runner.run(file).count { !$0.isPassed }
            guard failing == 0 else { throw RuleTestsFailing(count: failing) }
            return (file, rules: runner.coverage.asked)
        }
        let mutations = RuleMutation.all(in: rules)
        var mutants = 0
        var survivors: [Survivor] = []
        for (index, mutation) in mutations.enumerated() {
            progress(index, mutations.count)
            // What cannot be loaded could never come into force.
            guard let mutant = try? RuleTestRunner(files: rules, mutation: mutation) else { continue }
            mutants += 1
            let files = asked.filter { $0.rules.contains(mutation.subject) || !mutation.isInRule }.map(\.0)
            // Its own agent's tests notice it first.
            let ordered =
                files.filter { $0.name.hasPrefix(mutation.agent + "-") }
                + files.filter { !$0.name.hasPrefix(mutation.agent + "-") }
            guard !ordered.contains(where: mutant.isFailing) else { continue }
            survivors.append(
                Survivor(
                    rule: mutation.subject, file: mutation.file, line: mutation.line, change: mutation.change))
        }
        return RuleMutationReport(mutants: mutants, survivors: survivors)
    }

    /// Each mutant that no test noticed, and the share that was.
    package var text: String {
        let lines = survivors.map { "\($0.file):\($0.line): every test passes with `\($0.rule)` \($0.change)" }
        return (lines + ["noticed \(mutants - survivors.count) of \(mutants): \(basisPoints.percentText)"])
            .map(VisibleText.line).joined(separator: "\n") + "\n"
    }

    /// `{basisPoints, mutants, survivors: [{change, file, line, rule}]}`, canonical.
    package var json: [UInt8] {
        var writer = CanonicalWriter(capacity: 1 << 12)
        writer.beginObject()
        writer.key("basisPoints")
        writer.int(Int64(basisPoints))
        writer.key("mutants")
        writer.int(Int64(mutants))
        writer.key("survivors")
        writer.beginArray()
        for survivor in survivors {
            writer.beginObject()
            writer.key("change")
            writer.string(survivor.change)
            writer.key("file")
            writer.string(survivor.file)
            writer.key("line")
            writer.int(Int64(survivor.line))
            writer.key("rule")
            writer.string(survivor.rule)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}

/// Tests fail as they are, so that what a mutant makes fail says nothing.
package struct RuleTestsFailing: Error, CustomStringConvertible {
    package let count: Int
    package var description: String {
        "\(count) \(count == 1 ? "test fails" : "tests fail") already: see `docket rules test`"
    }
}
