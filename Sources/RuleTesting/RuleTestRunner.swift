import AgentKit
import Engine
import EventLog
import JSON
package import Rules

/// Plays rule tests against a ledger in memory on the events' clock. The rule set is loaded once; what a test did is
/// taken back before the next one starts.
///
/// `RuleTestFile` is what a file of tests says, `RuleTestDiff` compares what followed with what was expected,
/// `RuleCoverage` counts what the rules did, and `RuleTestReport` plays a folder and tells of it all. To try the tests
/// themselves, `RuleMutationReport` plays them once for each `RuleMutation` that `RuleMutationFinder` finds.
package final class RuleTestRunner {
    /// The ledger time of a test that names none.
    private static let firstTime = Instant(milliseconds: 1_704_067_200_000)

    private let machine: Machine
    private let ruleSet: RuleSet
    /// The agents of the program and those that rule files bring.
    private let agents: [String]
    private let ingress: RuleTestIngress
    private let watch: RuleTestWatch

    /// A runner of the rule set in these files, of which `mutation` changes one rule.
    /// - Throws: `RuleSetError` where the rule set is in error.
    package init(files: [RuleFile], mutation: RuleMutation? = nil) throws(RuleSetError) {
        let settings = LedgerSettings(origin: "rule-tests", verifierKey: "", clock: .events)
        machine = Machine(settings: settings, history: NoHistory(), chain: .genesis(origin: settings.origin))
        let host = machine.ruleHost
        ruleSet = try RuleSet.load(files: files, host: host, isNew: mutation == nil) { file, root in
            guard let mutation, mutation.file == file else { return root }
            return mutation.applied(to: root)
        }
        agents = (host.agents + ruleSet.agents).map(\.name)
        ingress = RuleTestIngress(
            ruleSet: ruleSet, ingress: Ingress(ruleSet: ruleSet, origin: settings.origin, sealing: RuleTestSealing()))
        watch = RuleTestWatch(ruleSet)
        // Of a mutant nobody asks what it looked at.
        if mutation == nil { machine.observer = watch }
    }

    /// Coverage of the rules by the tests so far.
    package var coverage: RuleCoverage { watch.coverage }

    /// The rule set under test.
    package var warnings: [RuleDiagnostic] { ruleSet.warnings }

    /// Plays the tests of a file until one fails.
    package func isFailing(_ file: RuleTestFile) -> Bool { !run(file, untilOneFails: true).allSatisfy(\.isPassed) }

    /// Plays every test of a file, or those to the first that fails.
    package func run(_ file: RuleTestFile, untilOneFails: Bool = false) -> [RuleTestResult] {
        machine.dryRun {
            machine.begin(with: ruleSet, at: firstTime(of: file))
            do throws(RuleTestProblem) {
                try play(try ingress.prepare(file.background, "background-"))
            } catch {
                return file.tests.map { result(of: $0, in: file, .broken("background, " + error.message), 0) }
            }
            let share = ScheduleShare(file: file.name, agents: agents)
            var results: [RuleTestResult] = []
            for test in file.tests where !untilOneFails || results.allSatisfy(\.isPassed) {
                let clock = ContinuousClock()
                let start = clock.now
                let outcome = machine.dryRun { play(test, share) }
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
            try play(try ingress.prepare(test.given, "given-"))
            watch.forget()
            watch.keepsEvaluations = true
            defer { watch.keepsEvaluations = false }
            let first = machine.chain.count
            let sent = try play(try ingress.prepare(test.when, "when-"), isAsked: true)
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
            case .clock(let time): try machine.advance(to: time)
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
                if let time { try machine.advance(to: time) }
                sent.insert(machine.next.value)
                machine.append(fact: type, subject: subject, data: data, isAsked: isAsked)
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

/// A test's step, ready to be played any number of times.
enum PlayedStep {
    /// An event that producers send, through the ingress already.
    case sent(PreparedEvent)
    /// An entry that only rules or the engine append: it is folded, and rules are asked about it where it is under `when`.
    case folded(EventType, time: Instant?, subject: String?, data: [UInt8])
    /// The clock moves.
    case clock(Instant)
}

/// A test that cannot be played.
struct RuleTestProblem: Error {
    let message: String

    init(line: Int, _ message: String) { self.message = "line \(line): " + message }
}

/// Makes steps playable: events go through the same ingress as a producer's.
struct RuleTestIngress {
    let ruleSet: RuleSet
    let ingress: Ingress

    func prepare(_ steps: [RuleTestStep], _ prefix: String) throws(RuleTestProblem) -> [PlayedStep] {
        var played: [PlayedStep] = []
        for (index, step) in steps.enumerated() { played.append(try prepare(step, prefix + String(index))) }
        return played
    }

    private func prepare(_ step: RuleTestStep, _ id: String) throws(RuleTestProblem) -> PlayedStep {
        switch step {
        case .at(let text, let line):
            guard let time = Instant(rfc3339: text) else {
                throw RuleTestProblem(line: line, "`\(text)` is not an RFC 3339 timestamp")
            }
            return .clock(time)
        case .event(let event):
            if let type = ruleSet.eventType(named: event.type), !type.kind.isFromOutside {
                if let data = try? Document(adopting: event.data),
                    let violation = type.violationsAsRecorded(data.root).first
                {
                    throw RuleTestProblem(line: event.line, "data\(violation.pointer): \(violation.message)")
                }
                return .folded(
                    type, time: event.time.flatMap { Instant(rfc3339: $0) }, subject: event.subject, data: event.data)
            }
            do throws(Problem) {
                return .sent(try ingress.prepare(sent(event, id).root, authority: event.authority ?? "local"))
            } catch {
                throw RuleTestProblem(line: event.line, (error.pointer.map { $0 + ": " } ?? "") + error.detail)
            }
        }
    }

    private func sent(_ event: RuleTestEvent, _ id: String) -> Document {
        var writer = CanonicalWriter(capacity: 1024)
        writer.beginObject()
        writer.key("data")
        unsafe event.data.withUnsafeBytes { unsafe writer.raw($0) }
        writer.key("id")
        writer.string(id)
        writer.key("source")
        writer.string("/tests")
        writer.key("specversion")
        writer.string("1.0")
        if let subject = event.subject {
            writer.key("subject")
            writer.string(subject)
        }
        if let time = event.time {
            writer.key("time")
            writer.string(time)
        }
        writer.key("type")
        writer.string(event.type)
        writer.endObject()
        guard let document = try? Document(adopting: writer.bytes) else {
            preconditionFailure("an event of a test is not canonical")
        }
        return document
    }
}

/// Counts coverage, and keeps what rules looked at while a test's own steps are played.
final class RuleTestWatch: RuleObserver {
    var coverage: RuleCoverage
    /// Indicates that evaluations are kept; coverage is counted in any case.
    var keepsEvaluations = false
    private(set) var evaluations: [RuleTestEvaluation] = []

    init(_ ruleSet: RuleSet) { coverage = RuleCoverage(ruleSet) }

    func evaluated(_ rule: CompiledRule, on event: Event, _ outcome: RuleOutcome, _ trace: RuleTrace) {
        coverage.record(rule, outcome, trace)
        if keepsEvaluations { evaluations.append(RuleTestEvaluation(rule, type: event.type, outcome, trace)) }
    }

    func forget() { evaluations.removeAll() }
}

/// Stands in for the keys of persons in rule tests: rules cannot read sealed fields, so any commitment will do.
struct RuleTestSealing: Sealing {
    func seal(
        _ value: View, userId: String, origin: String, source: String, id: String, pointer: String
    ) throws(Problem) -> (commitment: String, sealed: String) {
        let text = EntryChain.hashText(of: Array((userId + "\n" + id + "\n" + pointer).utf8))
        return (text, text)
    }

    func prepareErasure(of persons: [String]) -> Bool { true }
    func erase(_ persons: [String]) -> [String] { [] }
    func abandonErasure() {}
}

/// The share of one agent in a schedule, which concerns every agent at once. In the tests of one agent, those of a file named after it, what
/// other agents decide on a schedule is left out with all that follows from it.
struct ScheduleShare {
    /// The agent under test; nil where the file is named after none.
    let agent: String?

    /// - Parameters:
    ///   - file: the name of the file of tests, `franchise-settling.yaml`.
    ///   - agents: every agent that has rules.
    init(file: String, agents: [String]) {
        let name = file.utf8.split(separator: UInt8(ascii: "/")).last ?? file.utf8[...]
        let first = String(name.prefix { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ".") }) ?? ""
        agent = agents.first { $0 == first }
    }

    /// The entries of one step without those that are no concern of the agent under test.
    func own(_ entries: [Event]) -> [Event] {
        guard let agent else { return entries }
        var types: [EntrySequence: String] = [:]
        var foreign: Set<EntrySequence> = []
        for entry in entries {
            types[entry.sequence] = entry.type
            let cause = entry.causation
            let isOfOther: Bool =
                if entry.type == "schedule.item" {
                    entry.data["agent"]?.string != agent
                } else if let cause, foreign.contains(cause) {
                    true
                } else if let cause, types[cause]?.utf8.starts(with: "schedule.".utf8) == true {
                    entry.rule != nil && entry.agent != agent
                } else {
                    false
                }
            if isOfOther { foreign.insert(entry.sequence) }
        }
        return entries.filter { !foreign.contains($0.sequence) }
    }
}

extension Machine {
    /// Lets the clock go on to a moment; what is due by then fires.
    func advance(to time: Instant) throws(RuleTestProblem) {
        try fireAll(by: time)
        moveClock(to: time)
    }

    /// Fires what is due by then.
    /// - Throws: a problem where it does not end: a rule may set a timer that is due at once, again and again.
    func fireAll(by time: Instant) throws(RuleTestProblem) {
        let first = chain.count
        while fireNext(by: time) != nil {
            guard chain.count - first <= Self.clockEntriesMax else {
                throw RuleTestProblem(
                    line: 0,
                    "more than \(Self.clockEntriesMax) entries follow from the clock: is a timer due at once, again and again?"
                )
            }
        }
    }

    /// Entries that one step of the clock may lead to in a test.
    private static let clockEntriesMax = 50_000
}
