import Foundation
import TestSupport
import Testing

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
        try ledger.startService()
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

    /// How many entries the log has.
    private func size(_ ledger: TestLedger) throws -> Int {
        let result = try ledger.run("verify", "--key", ledger.key, "--json")
        let found = result.output.firstMatch(of: #/"size":(\d+)/#)
        return try #require(found.flatMap { Int($0.1) }, "\(result.output)")
    }
}
