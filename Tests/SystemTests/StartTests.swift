import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Making and starting a ledger", .ownThreads)
struct StartTests {
    @Test("init prints the verifier key alone, and `key show` the same")
    func initPrintsKey() throws {
        let ledger = try TestLedger()
        #expect(ledger.key.hasPrefix(TestLedger.origin + "+"))
        #expect(ledger.key.split(separator: "+").count >= 3)
        let shown = try ledger.run("key", "show")
        #expect(shown.status == 0 && shown.output == ledger.key + "\n")
    }

    @Test("init refuses a directory that holds a ledger, and leaves it as it is")
    func initTwice() throws {
        let ledger = try TestLedger()
        let again = try ledger.run("init", "--origin", "other.example/ledger", "--rules", Docket.package + "/rules")
        #expect(again.status == 2)
        #expect(again.messages.contains("holds a ledger already"))
        #expect(try ledger.run("key", "show").output == ledger.key + "\n")
    }

    @Test("init refuses rules in error with file, line and column, and makes no ledger")
    func initBadRules() throws {
        let folder = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: Docket.rules, toPath: folder.file("rules"))
        let file = folder.file("rules/complaint.yaml")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacingOccurrences(of: "data.orderId", with: "data.ordrId")
            .write(toFile: file, atomically: true, encoding: .utf8)
        let result = try Docket.binary.run(
            "init", "--data", folder.file("data"), "--origin", "x.example/l", "--rules", folder.file("rules"))
        #expect(result.status == 2)
        #expect(result.messages.contains(#/complaint\.yaml:\d+:\d+: /#))
        #expect(result.messages.contains("orderId"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("data/init.json")))
    }

    @Test("a directory that is no ledger's is refused with what to do")
    func notALedger() throws {
        let folder = try TemporaryDirectory()
        for verb in [["serve"], ["run", "-"], ["log"], ["accounts"], ["explain", "1"]] {
            let result = try Docket.binary.run(verb + ["--data", folder.path], input: "")
            #expect(result.status == 2, "\(verb)")
            #expect(result.messages.contains(folder.path), "\(verb): \(result.messages)")
        }
        let served = try Docket.binary.run("serve", "--data", folder.path)
        #expect(served.messages.contains("docket init"))
    }

    @Test("the socket has mode 0660 and is gone after a stop")
    func socketMode() throws {
        let ledger = try TestLedger()
        try ledger.startService()
        let attributes = try FileManager.default.attributesOfItem(atPath: ledger.socket)
        #expect(attributes[.posixPermissions] as? Int == 0o660)
        #expect(try ledger.stopService() == 0)
        #expect(!FileManager.default.fileExists(atPath: ledger.socket))
    }

    @Test("a second writer is refused with the pid of the first")
    func secondWriter() throws {
        let ledger = try TestLedger()
        let service = try ledger.startService()
        for verb in [["serve", "--socket", ledger.folder.file("t")], ["run", KnownHistory.fixture]] {
            let result = try Docket.binary.run(verb + ["--data", ledger.data])
            #expect(result.status == 2, "\(verb)")
            #expect(result.messages.contains(String(service.pid)), "\(result.messages)")
        }
        #expect(try ledger.stopService() == 0)
    }

    @Test("a signing key that others may read is refused", arguments: [0o644, 0o640, 0o660])
    func keyMode(mode: Int) throws {
        let ledger = try TestLedger()
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: ledger.data + "/key")
        let result = try ledger.run("serve")
        #expect(result.status == 2)
        #expect(result.messages.contains("0600"))
    }

    @Test("a sealed key needs its passphrase")
    func passphrase() throws {
        let folder = try TemporaryDirectory()
        let data = folder.file("data")
        try "open sesame\n".write(toFile: folder.file("right"), atomically: true, encoding: .utf8)
        try "close sesame\n".write(toFile: folder.file("wrong"), atomically: true, encoding: .utf8)
        for name in ["right", "wrong"] { chmod(folder.file(name), 0o600) }
        let made = try Docket.binary.run(
            "init", "--data", data, "--origin", "x.example/l", "--rules", Docket.package + "/rules",
            "--passphrase-file",
            folder.file("right"), "--clock", "events")
        #expect(made.status == 0, "\(made.messages)")
        for passphrase in [[], ["--passphrase-file", folder.file("wrong")]] {
            let result = try Docket.binary.run(["run", "-", "--data", data] + passphrase, input: "")
            #expect(result.status == 2)
            #expect(result.messages.contains("passphrase"))
        }
        let opened = try Docket.binary.run(
            "run", KnownHistory.fixture, "--data", data, "--passphrase-file", folder.file("right"))
        #expect(opened.status == 0, "\(opened.messages)")
    }

    @Test("a log whose newest entries were changed is refused at the start")
    func tamperedLog() throws {
        let ledger = try TestLedger()
        try #require(try ledger.run("run", KnownHistory.fixture).status == 0)
        try Tampering.changeNewestEntry(of: ledger.data)
        let result = try ledger.run("serve")
        #expect(result.status == 2)
        #expect(result.messages.contains(/entry \d+/), "\(result.messages)")
    }

    @Test("a log map that is full refuses events, keeps what is there and goes on answering reads")
    func fullMap() throws {
        let ledger = try TestLedger(clock: "system", mapBytes: 4 << 20)
        try ledger.startService()
        var isFull = false
        for round in 0..<200 where !isFull {
            let events = Traffic.events(of: "full-\(round)", count: 200).filter { $0.contains("wallet.payment") }
            let answers = try HTTPExchange(ledger.socket).post(events.joined(separator: ","))
            isFull = answers.contains(#""status":503"#)
        }
        #expect(isFull)
        #expect(try HTTPExchange(ledger.socket).body("/v1/checkpoint").hasPrefix(TestLedger.origin))
        #expect(try ledger.stopService() == 0)
        let verdict = try ledger.run("verify", "--key", ledger.key)
        #expect(verdict.status == 0, "\(verdict.output)\(verdict.messages)")
    }
}

@Suite("The clock of a running service", .ownThreads)
struct ClockTests {
    @Test("`clock accept` prints the clock that is believed from then on")
    func accept() throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService("--clock-jump-max", "10m")
        let accepted = try ledger.send("clock", "accept")
        #expect(accepted.status == 0)
        #expect(accepted.output.contains(#/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\n$/#))
        let json = try ledger.send("clock", "accept", "--json")
        #expect(json.output.contains(#/^\{"clock":"[^"]+","jumpSeconds":0\}\n$/#))
        #expect(ledger.messages.contains("the system's clock is accepted as it is"))
        #expect(try ledger.stopService() == 0)
        #expect(try ledger.send("clock", "accept").status == 2)
    }

    @Test("on the events' clock there is nothing to accept")
    func events() throws {
        let ledger = try TestLedger()
        try ledger.startService()
        let refused = try ledger.send("clock", "accept")
        #expect(refused.status == 1)
        #expect(refused.messages.contains("events' clock"))
    }

    @Test(
        "a bound that is none is refused",
        arguments: ["0", "5x", "-1", "", "m", "99999999999999999999", "40000d", "1.5h"])
    func bounds(text: String) throws {
        let ledger = try TestLedger(clock: "system")
        let refused = try ledger.run("serve", "--clock-jump-max=" + text)
        #expect(refused.status == 2)
        #expect(refused.messages.contains("clock-jump-max"))
    }

    @Test("a service that fires what ten years owe ends within ten seconds of SIGTERM, and goes on at the next start")
    func stopping() throws {
        let ledger = try TestLedger()
        #expect(try ledger.run("run", Docket.package + "/fixtures/known-history.ndjson").status == 0)
        let event = ledger.folder.file("late")
        let late =
            #"{"specversion":"1.0","id":"late","source":"/test","time":"2033-02-01T00:00:00Z","type":"area.registered","#
            + #""data":{"area":"late","parent":"pakistan"}}"#
        try late.write(toFile: event, atomically: true, encoding: .utf8)
        try ledger.startService("--recompute")
        let client = try ledger.docket.start(
            ["append", "--socket", ledger.socket, event], output: ledger.folder.file("o"),
            messages: ledger.folder.file("e"))
        let first = try size(ledger)
        var now = first
        while client.isRunning, now == first { now = try size(ledger) }
        #expect(now > first)
        let began = ContinuousClock.now
        #expect(try ledger.stopService() == 0)
        #expect(ContinuousClock.now - began < .seconds(12))
        client.wait()
        let stopped = try size(ledger)
        #expect(stopped >= now)
        #expect(try ledger.run("verify", "--key", ledger.key).status == 0)
        try ledger.startService()
        #expect(try ledger.stopService() == 0)
        #expect(try size(ledger) == stopped)
    }

    /// Number of entries in the log.
    private func size(_ ledger: TestLedger) throws -> Int {
        let result = try ledger.run("verify", "--key", ledger.key, "--json")
        let found = result.output.firstMatch(of: #/"size":(\d+)/#)
        return try #require(found.flatMap { Int($0.1) }, "\(result.output)")
    }
}
