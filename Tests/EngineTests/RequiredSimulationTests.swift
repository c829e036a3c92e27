import AgentKit
import Engine
import EventLog
import Foundation
import JSON
import Rules
import TestSupport
import Testing
import TransparencyLog

@Suite("the report of a simulation that an activation needs")
struct RequiredSimulationTests {
    private static func policy(_ activation: String) -> String {
        "activation: {\(activation)}\nroles: {all: {events: [\"*\"], calls: [\"*\"], clock: true}}\nprincipals: {local: [all]}\n"
    }

    private static let once = CascadeTests.rules
    private static let slow = ActivationTests.slow

    private static func files(_ rules: String, _ activation: String?) -> [RuleFile] {
        [RuleFile(name: "order.yaml", text: rules)]
            + (activation.map { [RuleFile(name: "policy.yaml", text: policy($0))] } ?? [])
    }

    /// A ledger on the events' clock under a policy, with its first event at 09:00 on 15 February 2024.
    private func using(
        _ activation: String?, _ body: (OpenLedger, DataDirectory) async throws -> Void
    ) async throws {
        let folder = try TemporaryDirectory()
        var rules = ["order.yaml": Self.once]
        if let activation { rules["policy.yaml"] = Self.policy(activation) }
        let directory = try OpenLedger.create(at: folder.path, rules: rules)
        try await OpenLedger.using(directory) { ledger in
            try await send("first", ledger, at: "2024-02-15T09:00:00Z")
            try await body(ledger, directory)
        }
    }

    private func send(_ id: String, _ ledger: OpenLedger, at time: String? = nil) async throws {
        let answer = await ledger.send([try ledger.event("test.ping", #"{"n":4}"#, id: id, at: time)])
        #expect(answer.verdicts == ["appended"])
    }

    /// A report of the slow rules over the log as it is, signed.
    private func report(
        _ directory: DataDirectory, rules: [RuleFile], from: Int = 0, to: UInt64? = nil, root: String? = nil
    ) throws -> [UInt8] {
        let log = try EventLog.openReader(directory: directory.log)
        let size = to ?? log.size
        let settings = LedgerSettings(origin: log.origin, verifierKey: log.verifierKey.description, clock: .events)
        let digest = try DataDirectory.Initial(settings: settings, ruleFiles: rules).checkRules().digest
        let root = try root ?? log.rootText(size: size)
        let json = #"{"from":\#(from),"root":"\#(root)","ruleSet":"\#(digest)","to":\#(size),"with":[],"without":[]}"#
        return try SimulationNote.sign(
            Array(json.utf8), of: log, with: try KeyFile(path: directory.signingKey).open(passphrase: nil))
    }

    /// The refusal of an activation; nil where it was made.
    private func refusal(
        _ ledger: OpenLedger, _ files: [RuleFile], _ note: [UInt8]?, from: String? = nil, isDry: Bool = false
    ) async throws -> String? {
        let request = ActivationRequest(
            .files(files), principal: "local", effectiveFrom: from.flatMap { Instant(rfc3339: $0) }, simulation: note)
        do {
            if isDry {
                _ = try await ledger.sequencer.checkActivation(request)
            } else {
                _ = try await ledger.sequencer.activate(request)
            }
            return nil
        } catch let problem as Problem {
            return problem.detail
        }
    }

    private func isMade(
        _ ledger: OpenLedger, _ files: [RuleFile], _ note: [UInt8]?, from: String? = nil, isDry: Bool = false
    ) async throws -> Bool {
        let refusal = try await refusal(ledger, files, note, from: from, isDry: isDry)
        return refusal == nil
    }

    @Test("is asked for by a dry run as by the activation, and not for what is in force already")
    func dryRun() async throws {
        let demand = "simulation: required"
        try await using(demand) { ledger, directory in
            let next = Self.files(Self.slow, demand)
            let missing = try await refusal(ledger, next, nil, isDry: true)
            #expect(missing?.contains("asks for the signed report") == true, "\(missing ?? "made")")
            let isMade5 = try await isMade(ledger, Self.files(Self.once, demand), nil, isDry: true)
            #expect(isMade5)
            let note = try report(directory, rules: next)
            let size = ledger.sequencer.committed.size
            let isMade6 = try await isMade(ledger, next, note, isDry: true)
            #expect(isMade6)
            #expect(ledger.sequencer.committed.size == size)
            let isMade7 = try await isMade(ledger, next, note)
            #expect(isMade7)
        }
    }

    @Test("holds for the policy's days from the last entry that it went through, to the millisecond")
    func days() async throws {
        let demand = "simulation: required, days: 2"
        try await using(demand) { ledger, directory in
            let next = Self.files(Self.slow, demand)
            let note = try report(directory, rules: next)
            try await send("b", ledger, at: "2024-02-17T09:00:00.001Z")
            let late = try await refusal(ledger, next, note)
            #expect(late == "the report ends at 2024-02-15T09:00:00.000Z, more than 2 days ago")
        }
        try await using(demand) { ledger, directory in
            let next = Self.files(Self.slow, demand)
            let note = try report(directory, rules: next)
            try await send("b", ledger, at: "2024-02-17T09:00:00Z")
            let isMade8 = try await isMade(ledger, next, note)
            #expect(isMade8)
        }
    }

    @Test("must have derived as many entries as the policy says, or all that there were")
    func entries() async throws {
        let demand = "simulation: required, entries: 5"
        try await using(demand) { ledger, directory in
            let next = Self.files(Self.slow, demand)
            let size = Int(ledger.sequencer.committed.size)
            try #require(size > 5)
            let few = try await refusal(ledger, next, try report(directory, rules: next, from: size - 4))
            #expect(few == "the report derived 4 entries; the policy in force asks for 5")
            let given1 = try report(directory, rules: next, from: size - 5)
            let isMade1 = try await isMade(ledger, next, given1)
            #expect(isMade1)
        }
        let much = "simulation: required, entries: 100000"
        try await using(much) { ledger, directory in
            let next = Self.files(Self.slow, much)
            let given2 = try report(directory, rules: next, from: 1)
            let isMade2 = try await isMade(ledger, next, given2)
            #expect(!isMade2)
            let given3 = try report(directory, rules: next)
            let isMade3 = try await isMade(ledger, next, given3)
            #expect(isMade3)
        }
    }

    @Test("of another history is refused: another root, or more entries than there are")
    func otherHistory() async throws {
        let demand = "simulation: required"
        try await using(demand) { ledger, directory in
            let next = Self.files(Self.slow, demand)
            let size = ledger.sequencer.committed.size
            let root = try EventLog.openReader(directory: directory.log).rootText(size: size - 1)
            for note in [
                try report(directory, rules: next, root: root),
                try report(directory, rules: next, to: size + 1, root: root),
            ] {
                let other = try await refusal(ledger, next, note)
                #expect(other?.contains("is of another history") == true, "\(other ?? "made")")
            }
        }
    }

    @Test("is asked for by the policy that came into force by its schedule, though nothing was recorded since")
    func scheduledPolicy() async throws {
        let start = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let due = Instant(milliseconds: start.milliseconds + 3_600_000)
        let clock = HandClock(start.text)
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: ["order.yaml": Self.once], clock: .system)
        let ledger = try OpenLedger(directory, clock)
        defer { ledger.sequencer.stop() }
        try await send("a", ledger)
        let demand = "simulation: required"
        let isMade9 = try await isMade(ledger, Self.files(Self.once, demand), nil, from: due.text)
        #expect(isMade9)
        let next = Self.files(Self.slow, demand)
        let note = try report(directory, rules: next)
        clock.pass(seconds: 3600)
        let missing = try await refusal(ledger, next, nil)
        #expect(missing?.contains("asks for the signed report") == true, "\(missing ?? "made")")
        let old = try await refusal(ledger, next, note)
        #expect(old?.contains("came into force at \(due.text)") == true, "\(old ?? "made")")
        try await send("b", ledger)
        let stale = try await refusal(ledger, next, note)
        #expect(stale?.contains("simulate again") == true, "\(stale ?? "made")")
        let given4 = try report(directory, rules: next)
        let isMade4 = try await isMade(ledger, next, given4)
        #expect(isMade4)
    }
}
