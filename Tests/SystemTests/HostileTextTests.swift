import Foundation
import TestSupport
import Testing

@Suite("What strangers write does not drive the reader's terminal", .ownThreads)
struct HostileTextTests {
    nonisolated(unsafe) private static let sent: Result<(ledger: TestLedger, run: Docket.Result), any Error> = Result {
        let ledger = try TestLedger()
        return (ledger, try ledger.run("run", "-", input: HostileText.events.joined(separator: "\n")))
    }

    /// Both streams of a verb hold no control but line feeds, and no line that is the stranger's.
    private func check(_ result: Docket.Result, status: Int32 = 0, _ what: String) {
        #expect(result.status == status, "\(what): \(result.messages)")
        #expect(!(result.output + result.messages).isEmpty, "\(what)")
        for text in [result.output, result.messages] {
            #expect(HostileText.controls(in: text) == [], "\(what): \(text)")
            #expect(HostileText.forgedLines(in: text) == [], "\(what): \(text)")
        }
    }

    @Test("appending, and every verb that reads, escapes it")
    func reading() throws {
        let (ledger, run) = try Self.sent.get()
        check(run, "run")
        let complaint = try #require(
            try LogEntry.read(ledger.run("log", "--json", "--type", "complaint.submitted").output).first
        ).number
        for arguments in [
            ["log"], ["log", "--subject", "O"], ["log", "--subject", HostileText.attribute], ["replay"],
            ["replay", "--subject", "user:B"], ["accounts"],
            ["transfers", "wallet/B/PKR"], ["show", "product:P"], ["show", "wallet/B/PKR"],
            ["show", String(complaint)], ["explain", String(complaint)], ["rules", "show"],
            ["verify", "--key", ledger.key],
        ] {
            check(try Docket.binary.run(arguments + ["--data", ledger.data]), "\(arguments)")
        }
        let receipt = ledger.folder.file("receipt")
        #expect(try ledger.run("receipt", String(complaint), "-o", receipt).status == 0)
        check(try Docket.binary.run("check", receipt, "--key", ledger.key), "check")
        let json = try ledger.run("log", "--json").output
        #expect(HostileText.controls(in: json).contains("9b"), "JSON is what the log holds, byte for byte")
    }

    @Test("messages that quote what was asked for escape it")
    func messages() throws {
        let (ledger, _) = try Self.sent.get()
        let h = HostileText.data
        for (arguments, status) in [
            (["show", "order:" + h], 1), (["show", h], 2), (["show", "\(h):x"], 2),
            (["show", "order:x", "--at", h], 2),
            (["transfers", h], 1), (["replay", "--subject", h + "?"], 1), (["replay", "--projection", h], 2),
            (["rules", "show", h], 1), (["rules", "show", "--file", h], 1), (["verify", "--key", h], 2),
            (["log", "--data", h], 2), ([h], 2), (["log", "--" + h], 2), (["log", h], 2),
        ] as [([String], Int32)] {
            let isNamed = arguments.contains("--data") || arguments == [h]
            check(
                try Docket.binary.run(arguments + (isNamed ? [] : ["--data", ledger.data])), status: status,
                "\(arguments)")
        }
        for (arguments, status) in [
            (["cel", "1 + " + h], 1), (["cel", HostileText.quoted(h) + " + 1"], 1), (["append", h], 2),
            (["rules", "check", h], 2), (["check", h, "--key", ledger.key], 2), (["append", "-", "--socket", h], 2),
        ] as [([String], Int32)] {
            check(try Docket.binary.run(arguments, input: HostileText.events[0]), status: status, "\(arguments)")
        }
    }

    @Test("the service's answers in text, and the client's words for its refusals, escape it")
    func service() throws {
        let ledger = try TestLedger()
        try ledger.startService()
        check(try ledger.send("append", "-", input: HostileText.events.joined(separator: "\n")), "append")
        let h = HostileText.quoted(HostileText.data)
        for event in [
            #"{"specversion":"1.0","id":"1","source":"/x","type":\#(h),"data":{}}"#,
            #"{"specversion":"1.0","id":"1","source":"/x","type":"area.registered","data":{\#(h): 1}}"#,
            #"{"specversion":"1.0","id":"1","source":"/x","type":"area.registered",\#(h): "x","data":{"area":"b"}}"#,
            #"{"specversion":"1.0","id":"1","source":"/x","type":"user.registered","data":{"userId":"b","role":\#(h),"area":"a"}}"#,
            #"{"specversion":"1.0","id":"1","source":"/x","type":"area.registered","time":\#(h),"data":{"area":"b"}}"#,
        ] {
            check(try ledger.send("append", "-", input: event), status: 1, event)
        }
        let last = try LogEntry.read(ledger.run("log", "--json").output).count - 1
        let text = try HTTPExchange(ledger.socket).send(
            "GET /v1/events/\(last)/explanation HTTP/1.1\r\nHost: test\r\nAccept: text/plain\r\nConnection: close\r\n\r\n"
        )
        let body = try #require(text.components(separatedBy: "\r\n\r\n").dropFirst().first)
        #expect(body.contains("Checked"), "\(text)")
        #expect(HostileText.controls(in: body.replacing("\r\n", with: "\n")) == [])
        #expect(HostileText.forgedLines(in: body) == [])
        #expect(try ledger.stopService() == 0)
    }

    @Test("rules and their tests are told of on lines of their own")
    func rules() throws {
        let h = HostileText.quoted("x\n\(HostileText.forgery)\u{9B}\u{202E}")
        let folder = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: folder.file("tests"), withIntermediateDirectories: true)
        let rules = """
            agent: order
            version: 1.0.0
            triggers:
              order.pinged: {orderId: string}
            decisions:
              order.ponged: {orderId: string}
            rules:
              - id: ping
                on: order.pinged
                because: it came
                emit:
                  - order.ponged: '{"orderId": data.orderId}'
                    subject: data.orderId
            """
        try rules.write(toFile: folder.file("order.yaml"), atomically: true, encoding: .utf8)
        let tests = """
            suite: pings
            tests:
              - name: \(h)
                when: {type: order.pinged, subject: s, data: {orderId: \(h)}}
                expect:
                  - {type: order.ponged, data: {orderId: other}}

            """
        try tests.write(toFile: folder.file("tests/order.yaml"), atomically: true, encoding: .utf8)
        check(try Docket.binary.run("rules", "test", folder.path), status: 1, "rules test")
        try (rules + "\(h): 1\n").write(toFile: folder.file("order.yaml"), atomically: true, encoding: .utf8)
        check(try Docket.binary.run("rules", "check", folder.path), status: 1, "rules check")
    }
}
