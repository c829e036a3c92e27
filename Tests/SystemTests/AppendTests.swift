import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Appending from the command line", .ownThreads)
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
            batch.output.contains("line 2: refused") && batch.output.contains("line 3: refused"), "\(batch.output)")
        #expect(batch.lines.count == 4 && batch.messages.contains("2 there already, 2 refused"), "\(batch.output)")
        #expect(try ledger.stopService() == 0)
    }

    /// Lines that make a batch malformed or mean something else inside one, each put between good ones.
    private static let traps = [
        "{", "}", "],[", "not json", "\u{FEFF}{}", #"{"a":1"#, #""b":2}"#, "1,2", "[", #"{"a":1}{"b":2}"#, "nul", "\"",
        String(repeating: "[", count: 63) + String(repeating: "]", count: 63), "[]", "7",
    ]

    @Test("each line has one result of its own, whatever the lines beside it hold", arguments: ["1", "3", "50"])
    func everyLine(batch: String) throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        var lines: [String] = []
        for (index, trap) in Self.traps.enumerated() {
            lines.append(Traffic.event("g\(index)", "area.registered", #""area":"a\#(index)""#))
            lines.append(trap)
            // Two good events that an array would take out of one line.
            let more = (0..<2).map { Traffic.event("t\(index)-\($0)", "area.registered", #""area":"t""#) }
            lines.append(more.joined(separator: ","))
        }
        let result = try ledger.send("append", "--batch", batch, "--json", "-", input: lines.joined(separator: "\n"))
        #expect(result.status == 1)
        let results = try AppendLine.read(result.output)
        #expect(results.map(\.line) == Array(1...lines.count))
        for result in results { #expect(result.status == (result.line % 3 == 1 ? "appended" : "refused"), "\(result)") }
        let text = try ledger.send("append", "--batch", batch, "-", input: lines.joined(separator: "\n"))
        #expect(text.lines.count == lines.count)
        for (index, line) in text.lines.enumerated() {
            #expect(
                index % 3 == 0 ? line.contains(" exists") : line.hasPrefix("line \(index + 1): refused: "), "\(line)")
        }
        #expect(try ledger.run("log", "--type", "area.registered").lines.count == Self.traps.count)
        #expect(try ledger.stopService() == 0)
    }

    @Test("an atomic file that is refused says of each line why, keeps nothing and ends with 1", arguments: [0, 1])
    func atomicRefusals(_ kind: Int) throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        let bad = [
            Traffic.event("1", "area.registered", #""area":"other""#),
            #"{"specversion":"1.0""#,
        ][kind]
        let lines = [
            Traffic.event("1", "area.registered", #""area":"a""#), "",
            Traffic.event("2", "area.registered", #""area":"b""#), bad,
        ].joined(separator: "\n")
        for more in [["--dry-run"], []] {
            let result = try Docket.binary.run(
                ["append", "--atomic", "--json", "-", "--socket", ledger.socket] + more, input: lines)
            #expect(result.status == 1)
            let results = try AppendLine.read(result.output)
            #expect(results.map(\.line) == [1, 3, 4])
            #expect(results.map(\.problem?.name) == ["atomic", "atomic", ["conflict", "malformed"][kind]])
            let text = try Docket.binary.run(
                ["append", "--atomic", "-", "--socket", ledger.socket] + more, input: lines)
            #expect(text.status == 1)
            #expect(text.lines.map { $0.prefix(16) } == ["line 1: refused:", "line 3: refused:", "line 4: refused:"])
            #expect(text.messages.contains("0 \(more.isEmpty ? "appended" : "would be appended"), 3 refused"))
        }
        #expect(try ledger.run("log", "--type", "area.registered").lines.isEmpty)
        #expect(try ledger.stopService() == 0)
    }

    @Test("an atomic file that is refused as a whole request is named as one")
    func wholeRequest() throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        let pad = String(repeating: "x", count: 60_000)
        let lines = (1...300).map { Traffic.event("\($0)", "area.registered", #""area":"a\#($0)","note":"\#(pad)""#) }
        let result = try ledger.send("append", "--atomic", "-", input: lines.joined(separator: "\n"))
        #expect(result.status == 2)
        #expect(result.messages.contains("an atomic request has at most"), "\(result.messages)")
        #expect(try ledger.run("log", "--type", "area.registered").lines.isEmpty)
        #expect(try ledger.stopService() == 0)
    }

    @Test("where the connection is lost, the lines that were sent and not answered are named, and the exit code is 2")
    func connectionLost() throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        let input = ledger.folder.file("pipe")
        try #require(mkfifo(input, 0o600) == 0)
        let (output, messages) = (ledger.folder.file("out"), ledger.folder.file("err"))
        let client = try Docket.binary.start(
            ["append", "--json", "--batch", "2", input, "--socket", ledger.socket], output: output, messages: messages)
        let pipe = try #require(FileHandle(forWritingAtPath: input))
        // In one write: the client may end before it has read all of them.
        func send(_ ids: String...) throws {
            let lines = ids.map { Traffic.event($0, "area.registered", #""area":"\#($0)""#) + "\n" }
            try pipe.write(contentsOf: Data(lines.joined().utf8))
        }
        try send("1", "2")
        while try ledger.run("log", "--type", "area.registered").lines.count < 2 { usleep(10_000) }
        try ledger.killService()
        try send("3", "4", "5")
        try pipe.close()
        #expect(client.wait() == 2)
        let results = try AppendLine.read(String(contentsOfFile: output, encoding: .utf8))
        #expect(results.map(\.line) == [1, 2])
        #expect(results.map(\.status) == ["appended", "appended"])
        let said = try String(contentsOfFile: messages, encoding: .utf8)
        #expect(
            said.contains("lines 3 to 4 may be appended or not") && said.contains("2 appended, 2 not answered"),
            "\(said)")
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

/// A CloudEvents SDK that others wrote, from PyPI, in a virtual environment of its own.
private enum SDK {
    private static let python = Docket(path: "/usr/bin/env")
    private static let script = [
        "python3", Docket.package + "/tools/cloudevents-sdk.py", Docket.package + "/.build/sdk-python",
    ]

    /// Reason that it is not available; nil where it is.
    static let absence: String? = {
        do {
            let result = try python.run(script)
            return result.status == 0 ? nil : result.messages
        } catch {
            return "\(error)"
        }
    }()

    static func post(to socket: String) throws -> Docket.Result { try python.run(script + [socket]) }
}

@Suite("a CloudEvents SDK as client", .ownThreads)
struct SDKTests {
    private struct Line: Decodable {
        struct Answer: Decodable {
            struct Event: Decodable { let status: String }

            let events: [Event]?
        }

        let mode: String
        let status: Int
        let answer: Answer
    }

    @Test(
        "events that the SDK sends with its own defaults are taken in every mode",
        .enabled(if: SDK.absence == nil, "the SDK cannot be had: \(SDK.absence ?? "")"))
    func modes() throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        let result = try SDK.post(to: ledger.socket)
        #expect(result.status == 0, "\(result.messages)")
        let lines = try result.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        #expect(Set(lines.map(\.mode)) == ["structured", "binary", "batch"])
        #expect(lines.count == 11)
        for (line, text) in zip(lines, result.lines) {
            #expect(line.status == 201, "\(text)")
            for event in line.answer.events ?? [] { #expect(event.status == "appended", "\(text)") }
        }
        #expect(try ledger.stopService() == 0)
    }
}
