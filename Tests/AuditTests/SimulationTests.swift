import AgentKit
import Audit
import Engine
import EventLog
import Foundation
import JSON
import Rules
import TestSupport
import Testing

@Suite("simulation", .ownThreads)
struct SimulationTests {
    static func simulate(
        _ log: EventLog, rules: [RuleFile]? = nil, _ change: (inout SimulationRequest) throws -> Void = { _ in }
    ) throws -> SimulationReport {
        var request = SimulationRequest()
        request.rules = rules
        try change(&request)
        let simulation = try Simulation(log, request)
        try simulation.advance()
        return try simulation.report()
    }

    /// The repository's rules with a text replaced in one file.
    static func rules(_ text: String, by other: String, in name: String) throws -> [RuleFile] {
        try ScratchLedger.repositoryRules().map { file in
            guard file.name == name else { return file }
            let before = String(decoding: file.text, as: UTF8.self)
            #expect(before.contains(text))
            return RuleFile(name: name, text: Array(before.replacing(text, with: other).utf8))
        }
    }

    /// A rule file of an agent that decides nothing, which makes every later sequence another.
    static let idle = RuleFile(
        name: "idle.yaml",
        text: Array(
            """
            agent: idle
            version: 1.0.0
            class: standing
            triggers:
              idle.asked:
                say: nothing is asked
                data: {n: int}
            decisions:
              idle.answered:
                say: nothing is answered
                data: {n: int}
            rules:
              - id: answer
                on: idle.asked
                because: asked
                emit:
                  - idle.answered: [n]
            """.utf8))

    private func counts(_ report: SimulationReport) -> [Int] { [report.gained, report.lost, report.changed] }

    @Test("the same rules decide the same, and an idle agent more changes nothing but sequences")
    func same() throws {
        let log = try ScratchLedger.known.log
        let rules = try ScratchLedger.repositoryRules()
        let same = try Self.simulate(log, rules: rules)
        #expect(same.isEmpty && same.accounts.isEmpty, "\(same.text)")
        #expect(same.simulatedEntries == log.size && same.to == log.size)
        #expect(same.text.hasPrefix("no difference in "))
        let more = try Self.simulate(log, rules: rules + [Self.idle])
        #expect(more.isEmpty && more.accounts.isEmpty, "\(more.text)")
        #expect(more.simulatedEntries == log.size + 1)
        #expect(more.ruleSet != same.ruleSet)
    }

    @Test("derived from every trigger on, under the log's own rules or the same ones given, nothing differs")
    func fromAnywhere() throws {
        let log = try ScratchLedger.known.log
        let rules = try ScratchLedger.repositoryRules()
        for sequence in stride(from: UInt64(0), to: log.size, by: 23) {
            let report = try Self.simulate(log) { $0.from = .sequence(sequence) }
            #expect(report.isEmpty && report.accounts.isEmpty, "from \(sequence): \(report.text)")
        }
        let report = try Self.simulate(log, rules: rules + [Self.idle]) { $0.from = .time("2024-02-16T10:00:00.000Z") }
        #expect(report.isEmpty && report.from > 0, "\(report.text)")
    }

    @Test("another rate of fines gives exactly the fines that it changes, and the money that follows")
    func otherRate() throws {
        let log = try ScratchLedger.known.log
        let report = try Self.simulate(log, rules: Self.rules("sub: 200", by: "sub: 400", in: "complaint.yaml"))
        #expect(report.types["fine.imposed"] == .init(lost: 0, gained: 0, changed: 1), "\(report.text)")
        let fine = try #require(report.differences.first { $0.recorded?.root["type"]?.string == "fine.imposed" })
        #expect(fine.recorded?.root["data"]?["amount"]?.int == 3998)
        #expect(fine.simulated?.root["data"]?["amount"]?.int == 7996)
        #expect(!report.accounts.isEmpty && report.accounts.allSatisfy { $0.difference != .zero })
        for sum in report.currencies { #expect(sum.recorded == .zero && sum.simulated == .zero) }
        let largest = try #require(report.largest.first)
        #expect(largest.isRecorded && largest.entry?.root["type"]?.string == "order.completed")
        #expect(report.largest.contains { $0.entry?.root["type"]?.string == "timer.fired" })
        #expect(report.text.contains("39.98") && report.text.contains("79.96"), "\(report.text)")
        try expectBalances(report, log)
    }

    /// The recorded balances of a report are those of the log.
    private func expectBalances(_ report: SimulationReport, _ log: EventLog) throws {
        let replay = try Replay(log)
        try replay.fold()
        for item in report.accounts {
            #expect((replay.account(item.account)?.balance ?? .zero) == item.recorded, "\(item.account)")
        }
    }

    @Test("without the complaint its fine and everything after are lost")
    func without() throws {
        let ledger = try ScratchLedger.known
        let complaint = try #require(try ledger.sequences(of: "complaint.submitted").first)
        let report = try Self.simulate(ledger.log) { $0.without = [complaint] }
        #expect(report.from == complaint)
        #expect(report.types["fine.imposed"]?.lost == 3, "\(report.text)")
        #expect(report.types["complaint.opened"]?.lost == 1)
        #expect(report.gained == 0 && report.notAdmittedCount == 0, "\(report.text)")
        #expect(report.firings.lost > 0 && report.without == [complaint])
        try expectBalances(report, ledger.log)
    }

    @Test("an order more before a trigger is decided there, and sequences behind it are found again")
    func with() throws {
        let ledger = try ScratchLedger.known
        let order = try #require(try ledger.sequences(of: "order.placed").last)
        let entry = try Document(adopting: try #require(try ledger.log.entry(order)))
        let data = try #require(entry.root["data"]).withCanonicalBytes { String(decoding: $0, as: UTF8.self) }
        let event = try Document.parse(
            #"{"specversion":"1.0","id":"more","source":"/gosellr","type":"order.placed","data":\#(data.replacing("ORD-002", with: "ORD-009"))}"#
        )
        let report = try Self.simulate(ledger.log) {
            $0.with = [.init(before: order, file: "more.ndjson", events: [(1, event)])]
        }
        #expect(report.gained > 0 && report.notAdmittedCount == 0, "\(report.text)")
        #expect(report.differences.contains { $0.simulated?.root["data"]?["orderId"]?.string == "ORD-009" })
        #expect(report.with.first?.sequence == order)
        for sum in report.currencies { #expect(sum.simulated == .zero) }
        try expectBalances(report, ledger.log)
    }

    /// A ledger whose only agent answers what it is asked.
    private func idleLedger() throws -> ScratchLedger {
        let ledger = try ScratchLedger([Self.idle])
        for n in 1...5 { try ledger.send("idle.asked", #"{"n":\#(n)}"#, at: "2024-02-15T09:0\(n):00Z") }
        return ledger
    }

    private func idleRules(_ text: String, by other: String) -> [RuleFile] {
        let before = String(decoding: Self.idle.text, as: UTF8.self)
        #expect(before.contains(text))
        return [RuleFile(name: "idle.yaml", text: Array(before.replacing(text, with: other).utf8))]
    }

    @Test(
        "triggers that the rules do not know, or whose form they refuse, are not admitted, and their decisions are lost"
    )
    func notAdmitted() throws {
        let log = try idleLedger().log
        for (text, other) in [("idle.asked", "idle.begged"), ("{n: int}", "{n: string}")] {
            let report = try Self.simulate(log, rules: idleRules(text, by: other))
            #expect(report.notAdmittedCount == 5 && report.notAdmitted.first?.type == "idle.asked", "\(report.text)")
            #expect(report.types["idle.answered"] == .init(lost: 5, gained: 0, changed: 0), "\(report.text)")
        }
    }

    @Test("rules that fail, and rules that never end, are shown by what the engine decides instead")
    func failing() throws {
        let log = try idleLedger().log
        let failing = try Self.simulate(
            log, rules: idleRules("- idle.answered: [n]", by: "- idle.answered: {n: 'data.n / (data.n - data.n)'}"))
        #expect(
            failing.types["idle.answered"]?.lost == 5 && failing.types["agent.failed"]?.gained == 5, "\(failing.text)")
        let endless = try Self.simulate(
            log,
            rules: idleRules(
                "      - idle.answered: [n]",
                by:
                    "      - idle.answered: [n]\n  - {id: again, on: idle.answered, because: again, emit: [{idle.answered: [n]}]}"
            ))
        #expect(endless.types["deadletter.added"]?.gained == 5, "\(endless.text)")
    }

    @Test("rules in error are refused with their place")
    func inError() throws {
        let log = try idleLedger().log
        #expect(throws: RuleSetError.self) {
            try Self.simulate(log, rules: idleRules("- idle.answered: [n]", by: "- idle.answered: [m]"))
        }
    }

    @Test("a reason in other words is a change of the reason alone")
    func reason() throws {
        let log = try ScratchLedger.known.log
        let report = try Self.simulate(
            log, rules: Self.rules("and did not resolve it", by: "and let it pass", in: "complaint.yaml"))
        #expect(report.changed > 0 && report.changed == report.reasons, "\(report.text)")
        #expect(report.gained == 0 && report.lost == 0 && report.accounts.isEmpty)
        #expect(report.text.contains("let it pass") && report.text.contains("did not resolve it"))
    }

    @Test("what is not a producer's trigger cannot be left out, and nothing can be put where nothing comes")
    func notTriggers() throws {
        let ledger = try ScratchLedger.known
        let fine = try #require(try ledger.sequences(of: "fine.imposed").first)
        let timer = try #require(try ledger.sequences(of: "timer.fired").first)
        for sequence in [fine, timer, 0, ledger.log.size, .max] {
            #expect(throws: (any Error).self) { try Self.simulate(ledger.log) { $0.without = [sequence] } }
        }
        let event = try Document.parse(#"{"specversion":"1.0","id":"x","source":"/t","type":"order.placed","data":{}}"#)
        for sequence in [fine, 0, ledger.log.size] {
            #expect(throws: SimulationError.self) {
                try Self.simulate(ledger.log) {
                    $0.with = [.init(before: sequence, file: "f", events: [(3, event)])]
                }
            }
        }
        let order = try #require(try ledger.sequences(of: "order.placed").first)
        do {
            _ = try Self.simulate(ledger.log) { $0.with = [.init(before: order, file: "f", events: [(3, event)])] }
            Issue.record("an event without its data was taken")
        } catch let error as SimulationError {
            #expect(error.description.hasPrefix("f:3: /data"), "\(error)")
        }
    }
}
