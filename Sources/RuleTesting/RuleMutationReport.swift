import Engine
import JSON
import Rules
import Synchronization

/// Result of mutation testing: the changes of a rule set that its tests noticed.
package struct RuleMutationReport: Sendable {
    /// A mutant with which every test passed.
    package struct Survivor: Sendable {
        /// `agent/id`, or `agent` where the change is outside its rules.
        package let rule: String
        package let file: String
        package let line: Int
        package let change: String

        /// One line: the place, and the change.
        package var text: String { "\(file):\(line): every test passes with `\(rule)` \(change)" }
    }

    package let mutants: Int
    package let survivors: [Survivor]

    /// The share that the tests noticed, in hundredths of a percent.
    package var basisPoints: Int { mutants == 0 ? 10_000 : (mutants - survivors.count) * 10_000 / mutants }

    /// Progress of a run through the mutants.
    package enum Progress: Sendable {
        /// A mutant was tried, as the `done`th of `total`.
        case tried(done: Int, total: Int)
        case survived(Survivor)
    }

    /// Plays the tests of a folder once for each mutant, each until one fails, on `threads` threads.
    /// - Parameter progress: called after each mutant, never twice at once.
    /// - Throws: what `RuleTestReport.run` throws, and a `RuleTestsFailing` where tests fail without any mutant.
    package static func run(
        rulesDirectory: String, threads: Int, progress: @escaping @Sendable (Progress) -> Void
    ) async throws -> RuleMutationReport {
        let trial = try RuleMutationTrial(rulesDirectory: rulesDirectory)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<threads { group.addTask { trial.run(progress) } }
        }
        let found = trial.tally.withLock { $0 }
        return RuleMutationReport(
            mutants: found.mutants, survivors: found.survivors.sorted { $0.index < $1.index }.map(\.survivor))
    }

    /// Each mutant that no test noticed, and the share that was.
    package var text: String {
        let lines = survivors.map(\.text)
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
        writer.list(survivors) { survivor, writer in
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

/// The mutants of a folder of rules and the tests that may notice them.
private final class RuleMutationTrial: Sendable {
    enum Outcome {
        /// A mutant that cannot be loaded, and so could never come into force.
        case unloadable
        case noticed
        case survived(RuleMutationReport.Survivor)
    }

    let rules: [RuleFile]
    let mutations: [RuleMutation]
    /// Each test file with the rules that its tests make the engine ask.
    let tests: [(file: RuleTestFile, rules: Set<String>)]
    let tally: Mutex<RuleMutationTally>

    init(rulesDirectory: String) throws {
        let rules = try DataDirectory.ruleFiles(in: rulesDirectory)
        self.rules = rules
        tests = try DataDirectory.ruleFiles(in: rulesDirectory + "/tests").map(RuleTestFile.read).map { file in
            let runner = try RuleTestRunner(files: rules)
            let failing = runner.run(file).count { !$0.isPassed }
            guard failing == 0 else { throw RuleTestsFailing(count: failing) }
            return (file, runner.coverage.asked)
        }
        mutations = RuleMutation.all(in: rules)
        tally = Mutex(RuleMutationTally(total: mutations.count))
    }

    /// Tries mutants until none is left.
    func run(_ progress: @Sendable (RuleMutationReport.Progress) -> Void) {
        while let index = tally.withLock({ $0.take() }) {
            let outcome = outcome(of: index)
            tally.withLock { tally in
                tally.add(outcome, of: index)
                if case .survived(let survivor) = outcome { progress(.survived(survivor)) }
                progress(.tried(done: tally.done, total: tally.total))
            }
        }
    }

    private func outcome(of index: Int) -> Outcome {
        let mutation = mutations[index]
        guard let mutant = try? RuleTestRunner(files: rules, mutation: mutation) else { return .unloadable }
        let files = tests.filter { $0.rules.contains(mutation.subject) || !mutation.isInRule }.map(\.file)
        // Its own agent's tests notice it first.
        let own = files.filter { $0.name.hasPrefix(mutation.agent + "-") }
        let others = files.filter { !$0.name.hasPrefix(mutation.agent + "-") }
        if (own + others).contains(where: mutant.isFailing) { return .noticed }
        return .survived(
            RuleMutationReport.Survivor(
                rule: mutation.subject, file: mutation.file, line: mutation.line, change: mutation.change))
    }
}

private struct RuleMutationTally {
    let total: Int
    private var next = 0
    private(set) var done = 0
    private(set) var mutants = 0
    private(set) var survivors: [(index: Int, survivor: RuleMutationReport.Survivor)] = []

    init(total: Int) { self.total = total }

    mutating func take() -> Int? {
        guard next < total else { return nil }
        defer { next += 1 }
        return next
    }

    mutating func add(_ outcome: RuleMutationTrial.Outcome, of index: Int) {
        done += 1
        switch outcome {
        case .unloadable: break
        case .noticed: mutants += 1
        case .survived(let survivor):
            mutants += 1
            survivors.append((index, survivor))
        }
    }
}
