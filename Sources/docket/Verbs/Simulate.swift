import ArgumentParser
import Audit
import CEL
import Engine
import EventLog
import FoundationEssentials
import JSON
import Rules

/// `docket simulate`
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Derive history once more under other rules, without an event, or with another.",
        discussion: """
            Gives the log's triggers, at their recorded times, to a second world that decides under the rules in DIR, and says \
            which decisions it gains, loses and changes, and what money stands elsewhere at the end. Without --rules it \
            follows the rule sets of the log. Nothing is written to the ledger.

            --without leaves a producer's trigger out; --with puts the events of a file just before a trigger. Both may be \
            given several times. --from begins to derive at a sequence or time; up to there history is as recorded.

            --fail-if is a CEL condition; exit 1 where it holds. It reads `report`, the object that --json prints, and each \
            of its members by name: `lost`, `gained`, `changed`, `reasons` (numbers of decisions), \
            `types` ({type: {lost, gained, changed}}), `currencies` ({currency: {accounts, moved, recorded, simulated}}), \
            `accounts` ([{account, currency, recorded, simulated, difference}], minor units), `notAdmittedCount`, `firings` \
            ({lost, gained, moved}), `entries` ({recorded, simulated}).

            --sign prints the report signed by the ledger's key under the name `<origin>/simulation`, -o writes it to a file: \
            what `rules activate --simulation` wants where `policy.yaml` asks for one.

            Exit codes: 0 done; 1 the condition of --fail-if holds, or the rules are in error; 2 it could not run.

            Examples:
              docket simulate --rules ../proposal/rules
              docket simulate --rules rules --from 2026-11-01T00:00:00Z --json
              docket simulate --without 41
              docket simulate --with late-order.ndjson@57
              docket simulate --rules rules --fail-if 'lost > 0 || currencies["PKR"].moved > 500000' -o report
            """)

    @Option(help: ArgumentHelp("A folder of rule files. (default: the rule sets of the log)", valueName: "dir"))
    var rules: String?

    @Option(
        help: ArgumentHelp(
            "The first entry to derive. (default: the first that can differ)", valueName: "sequence|time"))
    var from: String?

    @Option(help: ArgumentHelp("A trigger that never came.", valueName: "sequence"))
    var without: [UInt64] = []

    @Option(help: ArgumentHelp("Events that came just before a trigger.", valueName: "file@sequence"))
    var with: [String] = []

    @Option(help: ArgumentHelp("A CEL condition under which the report counts as failed.", valueName: "cel"))
    var failIf: String?

    @Flag(help: "Print the signed report.")
    var sign = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Write the signed report to this file.", valueName: "file"))
    var output: String?

    @Option(
        help: ArgumentHelp("The passphrase of a sealed signing key, on this file's first line.", valueName: "file"),
        completion: .file())
    var passphraseFile: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var format: OutputOptions

    func validate() throws {
        guard rules != nil || from != nil || !without.isEmpty || !with.isEmpty else {
            throw ValidationError("say what is to be other than it was: `--rules`, `--without` or `--with`")
        }
    }

    func run() throws {
        let condition = try failIf.map(FailCondition.init)
        let log = try EventLog.openReader(directory: data.directory.log)
        let key = sign || output != nil ? try signingKey(log) : nil
        var report = try simulate(log, try request())
        if let condition {
            report.failIf = .init(expression: condition.expression, failed: try condition.holds(report.json))
        }
        if let key { try deliver(try SimulationNote.sign(report.signedJSON, of: log, with: key)) }
        if !sign || output != nil {
            if format.json { Console.line(report.json) } else { Console.page(report.text) }
        }
        if report.failIf?.failed == true { throw ExitCode(ExitStatus.refused.rawValue) }
    }

    private func deliver(_ note: [UInt8]) throws(Failure) {
        if let output { return try FileText.write(note, to: output) }
        Console.file(note)
    }

    private func simulate(_ log: EventLog, _ request: SimulationRequest) throws -> SimulationReport {
        let progress = Progress("simulating", total: log.size)
        defer { progress.finish() }
        do {
            let simulation = try Simulation(log, request, progress: { progress.update($0) })
            try simulation.advance { progress.update($0) }
            return try simulation.report()
        } catch let error as RuleSetError {
            progress.finish()
            Console.messages(error.diagnostics.map { $0.description }.joined(separator: "\n"))
            throw RuleFolder.failure(error, in: rules ?? "the log")
        }
    }

    private func signingKey(_ log: EventLog) throws -> KeyFile.Opened {
        do {
            let key = try KeyFile(path: data.directory.signingKey).open(passphrase: PassphraseFile.read(passphraseFile))
            guard try key.signs(log) else {
                throw Failure(.couldNotRun, "`\(data.directory.signingKey)` is not the key that signs `\(log.origin)`")
            }
            return key
        } catch let error as KeyFileError {
            throw Failure(.couldNotRun, "a signed report needs the signing key: \(error)")
        }
    }

    // MARK: The request

    private func request() throws -> SimulationRequest {
        var request = SimulationRequest()
        request.rules = try rules.map(RuleFolder.read)
        request.from = try MomentOption.moment(from)
        request.without = Set(without)
        request.with = try with.map(added)
        return request
    }

    /// Reads `FILE@SEQUENCE`.
    private func added(_ text: String) throws(Failure) -> SimulationRequest.AddedEvents {
        guard let mark = text.lastIndex(of: "@"), mark > text.startIndex,
            let sequence = UInt64(text[text.index(after: mark)...])
        else {
            throw Failure(
                .couldNotRun, "`--with \(text)`: say FILE@SEQUENCE, a file of events and the trigger that they precede")
        }
        let file = String(text[..<mark])
        let lines = try LineReader(file)
        var events: [(line: Int, event: Document)] = []
        while let line = try lines.next() {
            do throws(JSONError) { events.append((lines.number, try Document.parse(line))) } catch {
                throw Failure(.couldNotRun, "\(file):\(lines.number): \(error)")
            }
        }
        guard !events.isEmpty else { throw Failure(.couldNotRun, "`\(file)` holds no event") }
        return SimulationRequest.AddedEvents(before: sequence, file: file, events: events)
    }
}

/// The condition of `--fail-if`: CEL over a report.
private struct FailCondition {
    /// The members of the report that are variables of their own.
    private static let members = [
        "accounts", "accountsCount", "changed", "currencies", "differences", "entries", "firings", "gained", "largest",
        "lost", "notAdmitted", "notAdmittedCount", "origin", "reasons", "ruleSet", "types",
    ]

    let expression: String
    private let program: Program
    private let slots: [(name: String, slot: Int)]

    init(_ expression: String) throws(Failure) {
        self.expression = expression
        var environment = CELEnvironment()
        slots = (["report"] + Self.members).map { ($0, environment.declare(variable: $0, .dyn)) }
        do throws(CompileError) { program = try environment.compile(expression) } catch {
            throw Failure(.couldNotRun, page: "--fail-if: \(error)")
        }
        guard [.bool, .dyn].contains(program.resultType) else {
            throw Failure(.couldNotRun, "--fail-if: the condition is \(program.resultType), not bool")
        }
    }

    /// - Parameter report: the report as JSON.
    func holds(_ report: [UInt8]) throws(Failure) -> Bool {
        guard case .object(let members)? = try? JSONDecoder().decode(JSONValue.self, from: Data(report)) else {
            throw Failure(.couldNotRun, "the report cannot be read as JSON")
        }
        let activation = Activation(slots: slots.count)
        for (name, slot) in slots {
            activation[slot] = name == "report" ? JSONValue.object(members).celValue : members[name]?.celValue ?? .null
        }
        let value = program.evaluate(activation)
        guard case .bool(let holds) = value else {
            throw Failure(
                .couldNotRun, "--fail-if: \(value.errorValue.map { "\($0)" } ?? "the condition is not a bool")")
        }
        return holds
    }
}
