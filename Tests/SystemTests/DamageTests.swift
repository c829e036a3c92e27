import Foundation
import Glibc
import TestSupport
import Testing

/// Every verb on files that a disk, an incomplete copy or a person changed: none ends by a signal.
@Suite("Damaged files", .ownThreads)
struct DamageTests {
    private let ledger: TestLedger
    private let whole: Data

    init() throws {
        ledger = try TestLedger()
        try #require(try ledger.run("run", KnownHistory.fixture).status == 0)
        whole = try Data(contentsOf: URL(fileURLWithPath: ledger.data + "/log/data.mdb"))
    }

    private var verbs: [[String]] {
        [
            ["verify", "--key", ledger.key], ["log"], ["show", "41"], ["accounts"], ["transfers", "wallet/U-ali/PKR"],
            ["replay"], ["explain", "57"], ["export", "--ndjson", ledger.folder.file("e.ndjson")], ["receipt", "20"],
            ["run", "-"], ["serve", "--socket", ledger.folder.file("s")],
        ]
    }

    /// Runs a verb on a copy of the ledger in which one file has other content.
    private func run(_ verb: [String], _ file: String, _ content: Data) throws -> Docket.Result {
        let copy = ledger.folder.file("copy")
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: ledger.data, toPath: copy)
        try content.write(to: URL(fileURLWithPath: copy + "/" + file))
        guard verb[0] == "serve" else { return try Docket.binary.run(verb + ["--data", copy], input: "") }
        let output = ledger.folder.file("out"), messages = ledger.folder.file("err")
        let process = try Docket.binary.start(verb + ["--data", copy], output: output, messages: messages)
        while process.isRunning {
            if try !Data(contentsOf: URL(fileURLWithPath: output)).isEmpty { process.terminate() }
            usleep(5000)
        }
        return Docket.Result(
            status: process.wait(), output: "", messages: try String(contentsOfFile: messages, encoding: .utf8))
    }

    @Test(
        "a log that was cut off is damaged to every verb: verify exits 1, the others 2", arguments: [0, 100, 8192, -1])
    func truncated(_ length: Int) throws {
        let content = whole.prefix(length < 0 ? whole.count / 2 : length)
        for verb in verbs {
            let result = try run(verb, "log/data.mdb", content)
            #expect(result.status == (verb[0] == "verify" ? 1 : 2), "\(verb[0]): \(result.status) \(result.messages)")
            let said = result.output + result.messages
            #expect(said.contains("data.mdb is damaged"), "\(verb[0]): \(said)")
            #expect(said.contains(ledger.folder.file("copy/log/data.mdb")), "\(verb[0]): \(said)")
        }
    }

    @Test("a flipped bit ends no verb by a signal, and is found or changes no answer")
    func flipped() throws {
        var random = SeededGenerator.announced()
        let right = try verbs.map { try run($0, "log/data.mdb", whole) }
        for (verb, result) in zip(verbs, right) { #expect(result.status == 0, "\(verb[0]): \(result.messages)") }
        for round in 0..<16 {
            var content = whole
            let page = random.int(in: 0...(whole.count / 4096 - 1))
            // Every second one hits the head of a page, where its structure is.
            let byte = page * 4096 + random.int(in: round % 2 == 0 ? 0...4095 : 0...63)
            let bit = random.int(in: 0...7)
            content[byte] ^= UInt8(1 << bit)
            var statuses: [String: Int32] = [:]
            for (verb, right) in zip(verbs, right) {
                let result = try run(verb, "log/data.mdb", content)
                statuses[verb[0]] = result.status
                let bad: Int32 = verb[0] == "verify" ? 1 : 2
                let isRight = result.status == bad || (result.status == 0 && result.output == right.output)
                #expect(isRight, "bit \(bit) of byte \(byte), \(verb[0]): \(result.status) \(result.messages)")
            }
            if statuses["verify"] == 0 {
                #expect(statuses.values.allSatisfy { $0 == 0 }, "bit \(bit) of byte \(byte): \(statuses)")
            }
        }
    }

    @Test("views that were cut off are made again, which is said once", arguments: [0, 8192, -1])
    func views(_ length: Int) throws {
        let views = try Data(contentsOf: URL(fileURLWithPath: ledger.data + "/views/data.mdb"))
        let content = views.prefix(length < 0 ? views.count / 2 : length)
        for verb in [["run", "-"], ["serve", "--socket", ledger.folder.file("s")]] {
            let result = try run(verb, "views/data.mdb", content)
            #expect(result.status == 0, "\(verb[0]): \(result.messages)")
            let lines = result.messages.split(separator: "\n").filter { $0.contains("damaged") }
            #expect(lines.count == 1, "\(verb[0]): \(result.messages)")
            #expect(lines.first?.contains("the views are made again") == true)
            let again = try Docket.binary.run("run", "-", "--data", ledger.folder.file("copy"), input: "")
            #expect(again.status == 0 && !again.messages.contains("damaged"))
        }
    }

    @Test("a file that loses its end while a verb reads it ends the verb with a message, not by a signal")
    func cutWhileMapped() throws {
        try #require(ledger.startService().isRunning)
        #expect(truncate(ledger.data + "/log/data.mdb", 8192) == 0)
        _ = try? HTTPExchange(ledger.socket).send("GET /v1/events HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
        #expect(try ledger.waitForService() == 2, "\(ledger.messages)")
        #expect(ledger.messages.contains("data.mdb is damaged"), "\(ledger.messages)")
        #expect(ledger.messages.contains(ledger.data + "/log/data.mdb"), "\(ledger.messages)")
    }

    @Test("an old entry changed by someone without the key stops the start that would build on it")
    func tamperedBeneathViews() throws {
        let line = try #require(try ledger.run("log", "--json").lines.dropFirst(60).first)
        try Tampering.change(line, in: ledger.data)
        #expect(try ledger.run("verify", "--key", ledger.key).status == 1)
        try FileManager.default.removeItem(atPath: ledger.data + "/views")
        for verb in [["run", "-"], ["serve", "--socket", ledger.folder.file("s")]] {
            let result = try ledger.docket.run(verb + ["--data", ledger.data], input: "")
            #expect(result.status == 2, "\(verb[0])")
            #expect(result.messages.contains("entry 60: "), "\(verb[0]): \(result.messages)")
        }
    }
}
