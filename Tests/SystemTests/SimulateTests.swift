import Foundation
import TestSupport
import Testing

/// `docket simulate` on ledgers that real processes made, its signed report, and shadows of a running service.
@Suite("docket simulate", .ownThreads)
struct SimulateTests {
    private struct Counts: Decodable { let lost: Int, gained: Int, changed: Int }
    private struct Report: Decodable {
        let lost: Int, gained: Int, changed: Int, reasons: Int, notAdmittedCount: Int, accountsCount: Int
        let from: Int, to: Int, ruleSet: String?
        let types: [String: Counts]
        let firings: Firings
        struct Firings: Decodable { let lost: Int, gained: Int, moved: Int }
        var isEmpty: Bool {
            lost + gained + changed + notAdmittedCount + accountsCount + firings.lost + firings.gained == 0
        }
    }

    private func report(_ result: Docket.Result) throws -> Report {
        try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    }

    private func expectEmpty(_ result: Docket.Result) throws {
        #expect(result.status == 0, "\(result.messages)")
        let report = try report(result)
        #expect(report.isEmpty, "\(result.output.prefix(3000))")
    }

    private func otherFine() throws -> RuleCopy {
        try RuleCopy(replacing: "sub: 200", with: "sub: 400", in: "complaint.yaml")
    }

    private func sequence(of type: String, in ledger: TestLedger) throws -> Int {
        try #require(try LogEntry.read(ledger.exportedLog()).first { $0.type == type }).number
    }

    @Test("the same rules give an empty report on the fixtures", arguments: ["known-history", "month", "payments"])
    func sameOnFixtures(name: String) throws {
        let ledger = try TestLedger()
        try #require(try ledger.run("run", Docket.package + "/fixtures/\(name).ndjson").status == 0)
        let result = try ledger.run("simulate", "--rules", Docket.rules, "--json")
        try expectEmpty(result)
        let middle = try ledger.run("simulate", "--from", "100", "--json")
        try expectEmpty(middle)
    }

    @Test(
        "the same rules give an empty report on random histories, also where every sequence is another",
        arguments: 1...3)
    func sameOnRandomHistories(seed: Int) throws {
        let ledger = try TestLedger()
        let history = ledger.folder.file("history.ndjson")
        try #require(
            try Docket.bench.run("generate", "--seed", "\(seed)", "--users", "30", "--days", "6", "--out", history)
                .status == 0)
        try #require(try ledger.run("run", history).status <= 1)
        let same = try ledger.run("simulate", "--rules", Docket.rules, "--json")
        try expectEmpty(same)
        let more = try RuleCopy(replacing: "sub: 200", with: "sub: 200", in: "complaint.yaml")
        let idle = """
            agent: idle
            version: 1.0.0
            class: standing
            triggers: {idle.asked: {say: nothing is asked, data: {n: int}}}
            decisions: {idle.answered: {say: nothing is answered, data: {n: int}}}
            rules:
              - {id: answer, on: idle.asked, because: asked, emit: [{idle.answered: [n]}]}
            """
        try idle.write(toFile: more.path + "/idle.yaml", atomically: true, encoding: .utf8)
        let shifted = try ledger.run("simulate", "--rules", more.path, "--json")
        try expectEmpty(shifted)
    }

    @Test("another fine changes that fine alone, and --fail-if tells a pipeline")
    func otherRules() throws {
        let ledger = try KnownHistory.ledger()
        let rules = try otherFine()
        let result = try ledger.run(
            "simulate", "--rules", rules.path, "--json", "--fail-if", "types['fine.imposed'].changed > 1")
        let found = try report(result)
        #expect(result.status == 0 && found.types["fine.imposed"]?.changed == 1, "\(result.messages)")
        #expect(found.ruleSet?.count == 64 && found.to > found.from)
        #expect(try ledger.run("simulate", "--rules", rules.path, "--fail-if", "report.changed > 0").status == 1)
        #expect(try ledger.run("simulate", "--rules", rules.path, "--fail-if", "changed +").status == 2)
        #expect(try ledger.run("simulate", "--rules", rules.path, "--fail-if", "types['nothing'].lost > 0").status == 2)
        let text = try ledger.run("simulate", "--rules", rules.path)
        #expect(text.output.contains("PKR 39.98") && text.output.contains("PKR 79.96"), "\(text.output)")
    }

    @Test("usage that does not fit the log ends with 2, rules in error with 1, and names the place")
    func usage() throws {
        let ledger = try KnownHistory.ledger()
        #expect(try ledger.run("simulate").status == 2)
        let fine = try sequence(of: "fine.imposed", in: ledger)
        for arguments in [
            ["--without", "\(fine)"], ["--without", "0"], ["--without", "1000000"], ["--with", "events"],
            ["--with", "nowhere@\(fine)"], ["--from", "1000000", "--without", "3"],
            ["--from", "x", "--rules", Docket.rules],
        ] {
            let result = try ledger.docket.run(["simulate", "--data", ledger.data] + arguments)
            #expect(result.status == 2 && result.output.isEmpty && !result.messages.isEmpty, "\(arguments)")
        }
        let order = try sequence(of: "order.placed", in: ledger)
        let folder = try TemporaryDirectory("simulate")
        let bad = folder.file("bad.ndjson")
        try
            "{\"specversion\":\"1.0\",\"id\":\"x\",\"source\":\"/t\",\"type\":\"area.registered\",\"data\":{\"area\":\"x\"}}\n{oops\n"
            .write(
                toFile: bad, atomically: true, encoding: .utf8)
        let lines = try ledger.run("simulate", "--with", "\(bad)@\(order)")
        #expect(lines.status == 2 && lines.messages.contains("bad.ndjson:2:"), "\(lines.messages)")
        let wrong = try RuleCopy(replacing: "data.orderId", with: "data.ordrId", in: "complaint.yaml")
        let refused = try ledger.run("simulate", "--rules", wrong.path)
        #expect(refused.status == 1 && refused.messages.contains(/complaint\.yaml:\d+:\d+/), "\(refused.messages)")
    }

    @Test("a signed report is what an activation needs where the policy says so, and nothing else is")
    func activation() throws {
        let ledger = try TestLedger()
        let demand = try RuleCopy(
            replacing: "public: [", with: "activation: {simulation: required}\npublic: [", in: "policy.yaml")
        try ledger.startService()
        try #require(try ledger.send("append", KnownHistory.fixture).status == 0)
        #expect(try ledger.send("rules", "activate", demand.path).status == 0)
        let next = try RuleCopy(replacing: "sub: 200", with: "sub: 400", in: "complaint.yaml")
        let file = ledger.folder.file("report")

        let without = try ledger.send("rules", "activate", next.path)
        #expect(without.status == 1 && without.messages.contains("docket simulate"), "\(without.messages)")
        let dry = try ledger.send("rules", "activate", next.path, "--dry-run")
        #expect(dry.status == 1 && dry.messages.contains("docket simulate"), "\(dry.messages)")
        #expect(try ledger.send("rules", "activate", demand.path, "--dry-run").status == 0)
        let made = try ledger.run("simulate", "--rules", next.path, "-o", file)
        #expect(made.status == 0, "\(made.messages)")
        let note = try String(contentsOfFile: file, encoding: .utf8)
        #expect(note.hasPrefix("docket simulation report v1\n\(TestLedger.origin)\n{"))
        #expect(note.contains("\n— \(TestLedger.origin)/simulation "))

        func activate(_ text: String, _ rules: String) throws -> Docket.Result {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            return try ledger.send("rules", "activate", rules, "--simulation", file)
        }
        let changed = note.replacing(#""changed":"#, with: #""changed":1"#)
        #expect(try activate(changed, next.path).messages.contains("invalid signature"))
        let checkpoint = try ledger.send("checkpoint").output
        #expect(try activate(checkpoint, next.path).status == 1)
        // The text of a checkpoint under the simulation's name, and of a report under the log's.
        let renamed = note.replacing("— \(TestLedger.origin)/simulation ", with: "— \(TestLedger.origin) ")
        #expect(try activate(renamed, next.path).status == 1)
        try renamed.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try ledger.run("verify", "--key", ledger.key, "--since", file).status != 0)
        try note.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try ledger.run("verify", "--key", ledger.key, "--since", file).status != 0)

        let other = try RuleCopy(replacing: "sub: 200", with: "sub: 300", in: "complaint.yaml")
        #expect(try activate(note, other.path).messages.contains("is of rule set"))
        _ = try ledger.run("simulate", "--rules", next.path, "-o", file, "--fail-if", "changed > 0")
        let failed = try String(contentsOfFile: file, encoding: .utf8)
        #expect(try activate(failed, next.path).messages.contains("failed its condition"))
        let order = try LogEntry.read(ledger.exportedLog()).first { $0.type == "order.placed" }
        _ = try ledger.run("simulate", "--rules", next.path, "-o", file, "--without", "\(try #require(order).number)")
        let partial = try String(contentsOfFile: file, encoding: .utf8)
        #expect(try activate(partial, next.path).messages.contains("leaves events out"))
        try note.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try ledger.send("rules", "activate", next.path, "--dry-run", "--simulation", file).status == 0)
        let accepted = try activate(note, next.path)
        #expect(accepted.status == 0, "\(accepted.messages)")
        #expect(try ledger.exportedLog().contains(#""backtest":""#))
        // The rules that came into force ask for nothing.
        #expect(try ledger.send("rules", "activate", other.path).status == 0)
        #expect(try ledger.stopService() == 0)
        #expect(try ledger.run("recompute").status == 0)
    }

    @Test("a report needs the signing key")
    func withoutKey() throws {
        let ledger = try TestLedger()
        try #require(try ledger.run("run", KnownHistory.fixture).status == 0)
        try FileManager.default.removeItem(atPath: ledger.data + "/key")
        let result = try ledger.run("simulate", "--rules", Docket.rules, "--sign")
        #expect(result.status == 2 && result.messages.contains("signing key"), "\(result.messages)")
        #expect(try ledger.run("simulate", "--rules", Docket.rules).status == 0)
    }

    @Test("a shadow lists what it decides otherwise of live traffic, and appends nothing")
    func shadow() async throws {
        let ledger = try TestLedger()
        try ledger.startService()
        let events = try String(contentsOfFile: KnownHistory.fixture, encoding: .utf8).split(separator: "\n").map(
            String.init)
        let complaint = try #require(events.firstIndex { $0.contains("complaint.submitted") })
        #expect(try ledger.send("rules", "shadow", "list").status == 1)
        try #require(
            try ledger.send("append", "-", input: events[..<complaint].joined(separator: "\n")).status == 0)
        let rules = try otherFine()
        let started = try ledger.send("rules", "shadow", rules.path)
        #expect(started.status == 0 && started.output.count == 65, "\(started.messages)")
        let wrong = try RuleCopy(replacing: "data.orderId", with: "data.ordrId", in: "complaint.yaml")
        #expect(try ledger.send("rules", "shadow", wrong.path).status == 1)
        // It begins where the log ends when it is ready.
        try await Patience.wait(for: "the shadow") {
            let list = try ledger.send("rules", "shadow", "list", "--json")
            return list.status == 0 && !list.output.contains(#""from":0,"#)
        }
        try #require(
            try ledger.send("append", "-", input: events[complaint...].joined(separator: "\n")).status == 0)
        var list = ""
        try await Patience.wait(for: "differences") {
            list = (try? ledger.send("rules", "shadow", "list").output) ?? ""
            return list.contains(" 0 behind") && list.contains("fine.imposed")
        }
        #expect(list.contains(/complaint\/\S+  fine\.imposed  0 gained, 0 lost, 1 changed/), "\(list)")
        let before = try ledger.exportedLog()
        #expect(try ledger.send("rules", "shadow", "stop").output.contains("fine.imposed"))
        #expect(try ledger.send("rules", "shadow", "stop").status == 1)
        #expect(try ledger.exportedLog() == before)
        #expect(try ledger.stopService() == 0)
        #expect(try ledger.run("recompute").status == 0)
    }
}
