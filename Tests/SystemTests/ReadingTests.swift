import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Reading a ledger from the command line", .ownThreads)
struct ReadingTests {
    @Test("log prints entries one a line, times in the calendar's zone")
    func log() throws {
        let ledger = try KnownHistory.ledger()
        let all = try ledger.run("log")
        #expect(all.status == 0, "\(all.messages)")
        #expect(all.lines.enumerated().allSatisfy { $0.element.hasPrefix("#\($0.offset) ") })
        #expect(all.output.contains("2024-02-16 15:00:00+05:00"))
        let complaints = try ledger.run("log", "--type", "complaint.*", "--subject", "COMP-001")
        #expect(complaints.lines.count >= 4)
        #expect(complaints.lines.allSatisfy { $0.contains("complaint.") && $0.contains("COMP-001") })
        #expect(try ledger.run("log", "--after", "3", "--limit", "2").lines.map { $0.prefix(2) } == ["#4", "#5"])
    }

    @Test("log --json prints the bytes that are in the log")
    func logJSON() throws {
        let ledger = try KnownHistory.ledger()
        #expect(try ledger.run("log", "--json").output == ledger.exportedLog())
    }

    @Test("show lays out an entry, an account and a record")
    func show() throws {
        let ledger = try KnownHistory.ledger()
        let entry = try ledger.run("show", "0")
        #expect(entry.output.contains("ledger.created"))
        let order = try ledger.run("show", "order:ORD-001")
        #expect(order.status == 0, "\(order.messages)")
        #expect(order.output.contains("PKR 1,999.00"))
        #expect(order.output.contains("2024-02-15 19:30:00+05:00"))
        let account = try ledger.run("show", "wallet/U-ali/PKR")
        #expect(account.status == 0, "\(account.messages)")
        #expect(account.output.contains("creditsPosted:              PKR 4,582.73\n"))
        #expect(account.output.contains("debitsMustNotExceedCredits: yes\n"))
        let complaint = try ledger.run("show", "complaint:COMP-001", "--json")
        #expect(complaint.output.contains(#""orderId":"ORD-001""#))
    }

    @Test("show goes back in time")
    func showAt() throws {
        let ledger = try KnownHistory.ledger()
        let before = try ledger.run("show", "order:ORD-001", "--at", "2024-02-15T14:45:00Z", "--json")
        let after = try ledger.run("show", "order:ORD-001", "--at", "2024-02-15T15:30:00Z", "--json")
        #expect(before.status == 0 && after.status == 0, "\(before.messages)\(after.messages)")
        #expect(before.output != after.output)
        #expect(try ledger.run("show", "order:ORD-001", "--at", "2024-02-15T14:00:00Z").status == 1)
    }

    @Test(
        "what is not there is said with 1, what makes no sense with 2",
        arguments: [
            (["show", "order:NONE"], 1), (["show", "99999"], 1), (["explain", "99999"], 1), (["receipt", "99999"], 1),
            (["transfers", "wallet/nobody/PKR"], 1), (["replay", "--subject", "order:NONE"], 1),
            (["show", "nonsense"], 2),
            (["show", "0", "--at", "1"], 2), (["show", "order:ORD-001", "--at", "yesterday"], 2),
            (["replay", "--projection", "nothing"], 2), (["rules", "show", "ffff"], 1),
            (["rules", "show", "--file", "no.yaml"], 1), (["show", "service:NONE"], 1), (["show", "servic:NONE"], 2),
            (["replay", "--subject", "NONE"], 1),
        ] as [([String], Int32)])
    func absent(arguments: [String], status: Int32) throws {
        let ledger = try KnownHistory.ledger()
        let result = try Docket.binary.run(arguments + ["--data", ledger.data])
        #expect(result.status == status, "\(result.output)\(result.messages)")
        #expect(result.messages.hasPrefix("docket: "))
        #expect(result.output.isEmpty)
    }

    @Test("accounts prints balances that sum to zero")
    func accounts() throws {
        let ledger = try KnownHistory.ledger()
        let result = try ledger.run("accounts")
        #expect(result.status == 0, "\(result.messages)")
        #expect(result.output.contains("sum PKR 0.00"))
        #expect(result.output.contains("wallet/U-ali/PKR"))
        let json = try ledger.run("accounts", "--currency", "PKR", "--json")
        #expect(json.lines.last?.contains(#""sum":0"#) == true, "\(json.output)")
    }

    @Test("transfers prints what moved, with the balance after each")
    func transfers() throws {
        let ledger = try KnownHistory.ledger()
        let result = try ledger.run("transfers", "wallet/U-ali/PKR")
        #expect(result.status == 0, "\(result.messages)")
        #expect(result.output.contains("+PKR 1,000.00"))
        #expect(result.output.contains("-PKR 1,999.00"))
        #expect(result.output.contains("escrow/ORD-001/PKR"))
    }

    @Test("replay rebuilds the same records each time, and tells one subject's story")
    func replay() throws {
        let ledger = try KnownHistory.ledger()
        let first = try ledger.run("replay", "--json"), second = try ledger.run("replay", "--json")
        #expect(first.status == 0, "\(first.messages)")
        #expect(first.output == second.output)
        #expect(first.output.contains(#""projection":"orders","key":"ORD-001""#))
        let story = try ledger.run("replay", "--subject", "complaint:COMP-001")
        #expect(story.status == 0, "\(story.messages)")
        for text in ["39.98", "59.97", "99.95"] { #expect(story.output.contains(text), "\(story.output)") }
    }

    @Test(
        "a story is found by the id alone, whatever has it",
        arguments: ["user:U-ali", "order:ORD-001", "complaint:COMP-001", "franchise:F-zoneone", "product:P-speaker"])
    func replayByID(name: String) throws {
        let ledger = try KnownHistory.ledger()
        let id = String(name.split(separator: ":")[1])
        let named = try ledger.run("replay", "--subject", name)
        #expect(named.status == 0 && named.lines.count > 3, "\(named.messages)\(named.output)")
        #expect(try ledger.run("replay", "--subject", id).output == named.output)
        #expect(try ledger.run("log", "--subject", name).output == ledger.run("log", "--subject", id).output)
    }

    @Test("the records of every kind are shown by its name")
    func showKinds() throws {
        let ledger = try KnownHistory.ledger()
        let json = try ledger.run("replay", "--json")
        for (kind, projection) in [
            ("area", "areas"), ("debt", "debts"), ("franchise", "franchises"), ("product", "products"),
            ("user", "users"),
        ] {
            let mark = #"{"projection":"\#(projection)","key":""#
            let line = try #require(json.lines.first { $0.hasPrefix(mark) }, "\(projection)")
            let key = line.dropFirst(mark.count).prefix { $0 != "\"" }
            #expect(try ledger.run("show", "\(kind):\(key)").status == 0, "\(kind):\(key)")
        }
        let service =
            #"{"specversion":"1.0","id":"1","source":"/t","time":"2024-02-15T09:00:00Z","type":"user.registered","data":{"userId":"U","role":"seller","area":"a"}}"#
        let other = try TestLedger()
        #expect(try other.run("run", "-", input: service + "\n" + Self.service).status == 0)
        #expect(try other.run("show", "service:S-1").output.contains("providerId:                 U\n"))
    }

    private static let service =
        #"{"specversion":"1.0","id":"2","source":"/t","type":"service.registered","data":{"serviceId":"S-1","providerId":"U","title":"Translate","price":100,"currency":"PKR","license":{"kind":"call","calls":5},"requiredLevel":"free","available":true}}"#

    @Test("explain says why a fine was imposed, with the rule and its values")
    func explain() throws {
        let ledger = try KnownHistory.ledger()
        let fines = try LogEntry.read(ledger.run("log", "--json", "--type", "fine.imposed").output)
        #expect(fines.count == 3)
        let fine = try #require(fines.first)
        let result = try ledger.run("explain", String(fine.number))
        #expect(result.status == 0, "\(result.messages)")
        #expect(result.output.contains("39.98"))
        #expect(result.output.contains("complaint/"))
        let json = try ledger.run("explain", String(fine.number), "--json")
        #expect(json.lines.count == 1)
        #expect((try? JSONSerialization.jsonObject(with: Data(json.output.utf8))) != nil)
        #expect(!result.output.contains("data.agent =="))
        #expect(result.output.contains("--verbose"))
        let verbose = try ledger.run("explain", String(fine.number), "--verbose")
        #expect(verbose.output.contains("  yes  data.agent == \"complaint\""))
        #expect(verbose.output.contains("The rule as written (complaint.yaml"))
    }

    @Test("explain sets beside it what other rules decide: those in force, a digest's, a folder's")
    func explainUnderRules() throws {
        let ledger = try KnownHistory.ledger()
        let fine = try #require(try LogEntry.read(ledger.run("log", "--json", "--type", "fine.imposed").output).first)
        let number = String(fine.number)
        let active = try ledger.run("explain", number, "--rules", "active")
        #expect(active.status == 0, "\(active.messages)")
        #expect(active.output.contains("As decided then, and under today's rules ("))
        #expect(active.output.contains("  8 decisions the same\n"))
        let folder = try ledger.run("explain", number, "--rules", Docket.package + "/rules", "--json")
        #expect(folder.status == 0, "\(folder.messages)")
        #expect(folder.output.contains(#""same":true"#))
        for (rules, says) in [("0badc0de", "docket log --type ruleset.activated"), ("./nowhere", "nowhere")] {
            let unknown = try ledger.run("explain", number, "--rules", rules)
            #expect(unknown.status == 2)
            #expect(unknown.output.isEmpty)
            #expect(unknown.messages.contains(says), "\(unknown.messages)")
        }
    }

    @Test("the rule set in force can be read back from the log as it was written")
    func rulesShow() throws {
        let ledger = try KnownHistory.ledger()
        let shown = try ledger.run("rules", "show")
        #expect(shown.status == 0, "\(shown.messages)")
        let digest = try #require(shown.output.split(separator: " ").first)
        #expect(digest.utf8.count == 64)
        let file = try ledger.run("rules", "show", String(digest.prefix(8)), "--file", "complaint.yaml")
        #expect(file.output == (try String(contentsOfFile: Docket.package + "/rules/complaint.yaml", encoding: .utf8)))
    }

    @Test("reading beside a running service sees what it has committed")
    func besideService() throws {
        let ledger = try TestLedger()
        try ledger.startService()
        #expect(try ledger.send("append", KnownHistory.fixture).status == 0)
        #expect(try ledger.run("log").lines.count == (try KnownHistory.ledger().run("log").lines.count))
        #expect(try ledger.run("accounts").status == 0)
        #expect(try ledger.run("verify", "--key", ledger.key).status == 0)
        #expect(try ledger.stopService() == 0)
    }
}

@Suite("Readers that go away", .ownThreads)
struct ReaderTests {
    @Test("a reader killed in the middle of the log does not make the log grow for ever")
    func killedReader() throws {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        let setUp = try ledger.send("append", "--batch", "100", "-", input: Traffic.setUp.joined(separator: "\n"))
        try #require(setUp.status == 0, "\(setUp.messages)")
        let many = Traffic.events(of: "fill", count: 400).joined(separator: "\n")
        try #require(try ledger.send("append", "--batch", "100", "-", input: many).status == 0)
        let normal = try growth(ledger, "before")

        // It fills its pipe and waits within the log, with its snapshot, for somebody who reads on.
        let pipe = Pipe()
        let reader = try ChildProcess(
            ledger.docket.path, ["log", "--json", "--data", ledger.data],
            output: .descriptor(pipe.fileHandleForWriting.fileDescriptor))
        _ = pipe.fileHandleForReading.availableData
        usleep(300_000)
        #expect(reader.isRunning)
        reader.kill()
        reader.wait()
        usleep(1_200_000)
        let after = try growth(ledger, "after")
        #expect(after < 3 * normal + (256 << 10), "\(after) bytes instead of \(normal)")
        #expect(try ledger.stopService() == 0)
    }

    /// The bytes by which the log's file grows with 200 commits.
    private func growth(_ ledger: TestLedger, _ name: String) throws -> Int {
        let before = try size(ledger)
        for number in 0..<200 {
            let data =
                #""paymentId":"\#(name)-\#(number)","fromUserId":"U-1","toUserId":"U-2","amount":1,"currency":"PKR""#
            let event = Traffic.event("\(name)-\(number)", "wallet.payment.requested", data)
            let answer = try HTTPExchange(ledger.socket).post(event)
            try #require(answer.hasPrefix("HTTP/1.1 201"), "\(answer.prefix(300))")
        }
        return try size(ledger) - before
    }

    private func size(_ ledger: TestLedger) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: ledger.data + "/log/data.mdb")
        return attributes[.size] as? Int ?? 0
    }

    @Test("output that nobody reads on ends a verb quietly, output that cannot be written with a message")
    func brokenOutput() throws {
        let ledger = try KnownHistory.ledger()
        func shell(_ command: String) throws -> String {
            try Docket(path: "/bin/bash").run("-c", "exec 2>&1; " + command).output
        }
        let docket = "'\(ledger.docket.path)' log --json --data '\(ledger.data)'"
        let quiet = try shell("{ \(docket); echo status $? >&2; } | head -c 1 >/dev/null; true")
        #expect(quiet == "status 0\n")
        let full = try shell("\(docket) >/dev/full; echo status $?")
        #expect(full.contains("cannot write to stdout") && full.hasSuffix("status 2\n"), "\(full)")
        let export = try ledger.run("export", "--ndjson", ledger.folder.file("none/e.ndjson"))
        #expect(export.status == 2 && export.messages.contains(ledger.folder.file("none/e.ndjson")))
    }
}
