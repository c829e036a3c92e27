import AgentKit
import Engine
import EngineTestSupport
import EventLog
import Foundation
import JSON
import RuleTesting
import Rules
import Testing

@Suite("overrides")
struct OverrideTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Overrides"
    private static let policy = """
        roles: {admin: {events: ["*"], projections: ["*"], calls: ["*"]}, clerk: {events: ["alert.*"]}}
        principals: {one: [admin], two: [admin], clerk: [clerk]}
        fourEyes: {PKR: 1000}
        fourEyesHours: 1
        fourEyesDays: 2
        """

    private func bench() throws -> Bench { try Bench(["policy.yaml": Self.policy]) }

    private func move(_ units: Int64, id: String) -> String {
        let transfer =
            #"{"debitAccount":"platform/rewards/PKR","creditAccount":"wallet/a/PKR","amount":\#(units),"currency":"PKR"}"#
        let data = #"{"purpose":"gift","reference":"a","transfers":[\#(transfer)]}"#
        let emit = #"{"type":"transfer.requested","data":\#(data)}"#
        return #"{"overrideId":"\#(id)","because":"b","corrects":"0000000000000000","emit":[\#(emit)]}"#
    }

    @discardableResult
    private func override(_ bench: Bench, _ units: Int64, _ id: String, at time: String? = nil) throws -> [Bench.Line] {
        try bench.send(bench.event("admin.override", move(units, id: id), at: time, by: "one"))
    }

    private func approve(_ bench: Bench, _ sequence: String, by: String, at time: String? = nil) throws -> [Bench.Line]
    {
        try bench.send(
            bench.event("admin.override.approved", #"{"override":"\#(sequence)"}"#, at: time, by: by))
    }

    @Test("wait, are approved, refused and given up as their tests say")
    func rules() throws {
        let report = try RuleTestReport.run(rulesDirectory: Self.folder)
        #expect(report.failed == 0, "\(report.text)")
        #expect(report.unreadable.isEmpty, "\(report.text)")
        #expect(report.passed >= 8)
    }

    @Test("wait as long, and add up over as many days, as the policy says")
    func times() throws {
        let bench = try bench()
        let pending = try override(bench, 1001, "a")
        #expect(pending.types == ["admin.override", "override.pending", "timer.scheduled"])
        #expect(pending[1].document.root["data"]?["until"]?.string == "2024-02-15T10:00:00.000Z")
        let late = try override(bench, 1000, "b", at: "2024-02-15T10:00:00Z")
        #expect(late.types == ["timer.fired", "override.refused", "admin.override", "transfer.requested"])
        #expect(try override(bench, 1, "c", at: "2024-02-17T09:59:59Z").types.contains("override.pending"))
        let after = try override(bench, 1, "d", at: "2024-02-17T10:00:00Z").types
        #expect(after.suffix(2) == ["admin.override", "transfer.requested"])
    }

    @Test("are appended, and approved, by whom the policy lets")
    func access() throws {
        let bench = try bench()
        let files = [RuleFile(name: "policy.yaml", text: Self.policy)]
        let types = try RuleSet.load(files: files, host: bench.machine.ruleHost).types
        for name in ["admin.override", "admin.override.approved"] {
            let type = try #require(types[name])
            #expect(throws: Never.self) { try bench.ingress.access(of: "two").requireAppend(type) }
            #expect(throws: Problem.self) { try bench.ingress.access(of: "clerk").requireAppend(type) }
        }
    }

    @Test("that wait are known alike to whoever replays the log")
    func replayed() throws {
        let bench = try bench()
        let first = try #require(try override(bench, 5000, "a").first?.document.root["sequence"]?.string)
        try override(bench, 600, "b")
        try bench.send(bench.event("admin.override.approved", #"{"override":"\#(first)"}"#, by: "two"))
        try bench.send(bench.event("admin.override.approved", #"{"override":"\#(first)"}"#, by: "three"))
        try override(bench, 401, "c")
        let entries = bench.lines().map(\.document)
        let machine = Machine(
            settings: bench.machine.settings, history: RecordedEntries(entries),
            chain: .genesis(origin: bench.machine.settings.origin))
        machine.resume(behind: bench.machine.takeChain().successor())
        for entry in entries { try machine.replay(entry) }
        for table in bench.machine.tables.tables {
            let other = try #require(machine.tables.named(table.name))
            table.forEachKey { key in
                #expect(other.encoded(key) == table.encoded(key), "\(table.name) \(key)")
                return true
            }
        }
    }

    @Test("of a dry run leave nothing behind")
    func ofADryRun() throws {
        let bench = try bench()
        let event = try bench.event("admin.override", move(1000, id: "a"), by: "one")
        let types = bench.machine.dryRun {
            _ = bench.machine.append(event, at: Bench.start)
            return bench.lines().types
        }
        #expect(types.last == "transfer.requested")
        #expect(try override(bench, 1000, "b").types == ["admin.override", "transfer.requested"])
        #expect(try override(bench, 1, "c").types.contains("override.pending"))
    }
}
