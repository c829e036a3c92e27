import Foundation
import Testing

@Suite("Appending from the command line")
struct AppendTests {
    @Test("each event gets one line with its sequence, its status and its decisions")
    func results() throws {
        let ledger = try TestLedger()
        try ledger.startService()
        let result = try ledger.send("append", KnownHistory.fixture)
        #expect(result.status == 0, "\(result.messages)")
        #expect(result.lines.count == KnownHistory.eventCount)
        #expect(result.lines.allSatisfy { $0.contains(" appended") })
        #expect(result.lines.contains { $0.contains("order.accepted #") })
        #expect(result.messages.contains("\(KnownHistory.eventCount) appended"))
        let again = try ledger.send("append", "--batch", "5", KnownHistory.fixture)
        #expect(again.status == 0)
        #expect(again.lines.count == KnownHistory.eventCount)
        #expect(again.lines.allSatisfy { $0.contains(" exists") })
        #expect(try ledger.stopService() == 0)
    }

    @Test("with --json each line is the service's answer for the event, with the line it came from")
    func json() throws {
        let ledger = try TestLedger()
        try ledger.startService()
        let result = try ledger.send("append", "--json", "--batch", "10", KnownHistory.fixture)
        let lines = try AppendLine.read(result.output)
        #expect(lines.map(\.line) == Array(1...KnownHistory.eventCount))
        #expect(lines.allSatisfy { $0.status == "appended" && $0.hash?.utf8.count == 44 })
        #expect(lines.contains { $0.decisions?.contains { $0.type == "order.accepted" } == true })
        #expect(try ledger.stopService() == 0)
    }

    @Test("a refused event is named by its line, the others are appended, and the exit code is 1")
    func refusals() throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        let lines = [
            Traffic.event("1", "area.registered", #""area":"a""#),
            Traffic.event("2", "no.such.type", ""),
            "",
            Traffic.event("3", "area.registered", #""area":7"#),
            Traffic.event("4", "order.accepted", #""orderId":"x""#),
            Traffic.event("5", "area.registered", #""area":"b""#),
        ].joined(separator: "\n")
        for batch in ["1", "10"] {
            let result = try ledger.send("append", "--batch", batch, "-", input: lines)
            #expect(result.status == 1)
            #expect(result.lines.count == 5, "\(result.output)")
            #expect(result.output.contains("line 2: refused"), "\(result.output)")
            #expect(result.output.contains(/line 4: refused.*\/data\/area/), "\(result.output)")
            #expect(result.output.contains("line 5: refused"), "\(result.output)")
            #expect(result.messages.contains("3 refused"), "\(result.messages)")
        }
        #expect(try ledger.stopService() == 0)
    }

    @Test("a line that is no JSON is refused and stops neither the client nor the service")
    func malformed() throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        let lines = [
            Traffic.event("1", "area.registered", #""area":"a""#), #"{"specversion":"1.0","#,
            #"{"a":1,"a":2}"#, Traffic.event("2", "area.registered", #""area":"b""#),
        ].joined(separator: "\n")
        let single = try ledger.send("append", "-", input: lines)
        #expect(single.status == 1)
        #expect(single.output.contains("line 2: refused"))
        #expect(single.output.contains("line 3: refused"))
        #expect(single.messages.contains("2 appended, 2 refused"))
        let batch = try ledger.send("append", "--batch", "4", "-", input: lines)
        #expect(batch.status == 1)
        #expect(
            batch.output.contains("lines 1 to 4: refused") || batch.output.contains("line 2: refused"),
            "\(batch.output)")
        #expect(try ledger.stopService() == 0)
    }

    @Test("an atomic file is appended as a whole or not at all")
    func atomic() throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        let good = (1...3).map { Traffic.event("\($0)", "area.registered", #""area":"a\#($0)""#) }
        let bad = good + [Traffic.event("4", "no.such.type", "")]
        #expect(try ledger.send("append", "--atomic", "-", input: bad.joined(separator: "\n")).status == 1)
        #expect(try ledger.run("log", "--type", "area.registered").lines.isEmpty)
        #expect(try ledger.send("append", "--atomic", "-", input: good.joined(separator: "\n")).status == 0)
        #expect(try ledger.run("log", "--type", "area.registered").lines.count == 3)
        #expect(try ledger.stopService() == 0)
    }

    @Test("a dry run says what would be decided and keeps nothing")
    func dryRun() throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        let deposit = Traffic.event(
            "1", "wallet.deposited",
            #""depositId":"D","userId":"U","amount":5,"currency":"PKR","provider":"bank""#)
        let dry = try ledger.send("append", "--dry-run", "-", input: deposit)
        #expect(dry.status == 0, "\(dry.messages)")
        #expect(dry.output.contains("transfer.posted"))
        #expect(dry.messages.contains("would be appended"))
        #expect(try ledger.run("log", "--type", "wallet.deposited").lines.isEmpty)
        #expect(try ledger.stopService() == 0)
    }

    @Test("without a service the client says so and ends with 2")
    func noService() throws {
        let ledger = try TestLedger()
        let result = try ledger.send("append", KnownHistory.fixture)
        #expect(result.status == 2)
        #expect(result.messages.contains(ledger.socket))
        #expect(result.messages.contains("docket serve"))
    }

    @Test("a file that is not there is named")
    func noFile() throws {
        let result = try Docket.binary.run("append", "/no/such/file")
        #expect(result.status == 2)
        #expect(result.messages.contains("`/no/such/file`"))
    }

    @Test("run appends under another name and prints what append prints")
    func runAs() throws {
        let ledger = try TestLedger()
        let result = try ledger.run("run", KnownHistory.fixture, "--json")
        #expect(result.status == 0)
        #expect(try AppendLine.read(result.output).count == KnownHistory.eventCount)
        let denied = try ledger.run(
            "run", "--as", "nobody", "-", input: Traffic.event("x", "area.registered", #""area":"z""#))
        #expect(denied.status == 1)
        #expect(denied.output.contains("nobody"), "\(denied.output)")
    }
}
