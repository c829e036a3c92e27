import AgentKit
import EventLog
import JSON
package import Rules

/// Plays rule tests against a ledger in memory on the events' clock. The rule set is loaded once; what a test did is
/// taken back before the next one starts.
package final class RuleTestRunner {
    /// The ledger time of a test that names none.
    private static let firstTime = Instant(milliseconds: 1_704_067_200_000)

    private let machine: Machine
    private let ruleSet: RuleSet
    private let door: RuleTestDoor
    private let watch: RuleTestWatch

    package init(files: [RuleFile], mutation: RuleMutation? = nil) throws(RuleSetError) {
        let settings = LedgerSettings(origin: "rule-tests", verifierKey: "", clock: .events)
        machine = Machine(settings: settings, history: NoHistory(), chain: .genesis(origin: settings.origin))
        ruleSet = try RuleSet.load(files: files, host: machine.ruleHost, isNew: mutation == nil, mutation: mutation)
        door = RuleTestDoor(
            ruleSet: ruleSet, intake: Intake(ruleSet: ruleSet, origin: settings.origin, sealing: RuleTestSealing()))
        watch = RuleTestWatch(ruleSet)
        // Of a mutant nobody asks what it looked at.
        if mutation == nil { machine.observer = watch }
    }

    /// What the tests so far made each rule do.
    package var coverage: RuleCoverage { watch.coverage }

    /// The rule set under test.
    package var warnings: [RuleDiagnostic] { ruleSet.warnings }

    /// Plays the tests of a file until one fails.
    package func isFailing(_ file: RuleTestFile) -> Bool { !run(file, untilOneFails: true).allSatisfy(\.isPassed) }

    /// Plays every test of a file, or those to the first that fails.
    package func run(_ file: RuleTestFile, untilOneFails: Bool = false) -> [RuleTestResult] {
        machine.rehearse {
            machine.begin(with: ruleSet, at: firstTime(of: file))
            do throws(RuleTestProblem) {
                try play(try door.prepare(file.background, "background-"))
            } catch {
                return file.tests.map { result(of: $0, in: file, .broken("background, " + error.message), 0) }
            }
            let share = ScheduleShare(file: file.name, added: ruleSet.agents.map(\.name))
            var results: [RuleTestResult] = []
            for test in file.tests where !untilOneFails || results.allSatisfy(\.isPassed) {
                let clock = ContinuousClock()
                let start = clock.now
                let outcome = machine.rehearse { play(test, share) }
                let seconds = (clock.now - start) / .seconds(1)
                results.append(result(of: test, in: file, outcome, seconds))
            }
            return results
        }
    }

    private func result(
        of test: RuleTest, in file: RuleTestFile, _ outcome: RuleTestResult.Outcome, _ seconds: Double
    ) -> RuleTestResult {
        RuleTestResult(
            file: file.name, suite: file.suite, name: test.name, line: test.line, outcome: outcome, seconds: seconds)
    }

    private func play(_ test: RuleTest, _ share: ScheduleShare) -> RuleTestResult.Outcome {
        do throws(RuleTestProblem) {
            try play(try door.prepare(test.given, "given-"))
            watch.forget()
            watch.keepsEvaluations = true
            defer { watch.keepsEvaluations = false }
            let first = machine.chain.count
            let sent = try play(try door.prepare(test.when, "when-"), isAsked: true)
            let diff = RuleTestDiff(
                expected: test.expect, actual: share.own(entries(from: first, without: sent)),
                isPartial: test.isPartial)
            return diff.isEmpty ? .passed : .failed(diff, relevant(to: test))
        } catch {
            return .broken(error.message)
        }
    }

    /// Plays steps in order.
    /// - Parameter isAsked: whether rules decide on what else only rules append.
    /// - Returns: the sequences of the entries that the steps themselves are.
    @discardableResult
    private func play(_ steps: [PlayedStep], isAsked: Bool = false) throws(RuleTestProblem) -> Set<UInt64> {
        var sent: Set<UInt64> = []
        for step in steps {
            switch step {
            case .clock(let time): try machine.moveClock(to: time)
            case .sent(let event):
                let time: Instant
                do throws(Problem) {
                    time = try machine.time(of: event, now: machine.clock, mayMoveClock: true)
                    try machine.check(event)
                } catch {
                    throw RuleTestProblem(line: 0, "`\(event.type.name)`: \(error.detail)")
                }
                try machine.fireAll(by: time)
                sent.insert(machine.append(event, at: time).first.value)
            case .folded(let type, let time, let subject, let data):
                if let time { try machine.moveClock(to: time) }
                sent.insert(machine.next.value)
                machine.fold(type, subject: subject, data: data, isAsked: isAsked)
            }
        }
        return sent
    }

    private func entries(from first: Int, without sent: Set<UInt64>) -> [Event] {
        let chain = machine.chain
        return (first..<chain.count).compactMap { index in
            guard !sent.contains(chain.base + UInt64(index)) else { return nil }
            return unsafe chain.withEntry(index) { bytes in (try? unsafe Document(canonical: bytes)).flatMap(Event.init)
            }
        }
    }

    /// The rules worth looking at where a test failed: those that acted or failed, and those that were expected to act.
    private func relevant(to test: RuleTest) -> [RuleTestEvaluation] {
        let expected = Set(test.expect.compactMap(\.rule))
        return watch.evaluations.filter { !$0.verdict.hasPrefix("did not hold") || expected.contains($0.rule) }
    }

    /// The time of the first step that carries one: the ledger of the file begins then.
    private func firstTime(of file: RuleTestFile) -> Instant {
        let steps = file.background + (file.tests.first?.given ?? []) + (file.tests.first?.when ?? [])
        for step in steps {
            switch step {
            case .at(let text, _): return Instant(rfc3339: text) ?? Self.firstTime
            case .event(let event):
                if let time = event.time.flatMap({ Instant(rfc3339: $0) }) { return time }
            }
        }
        return Self.firstTime
    }
}
