import Foundation
import TestSupport
import Testing

@Suite("Proving a ledger from the command line", .ownThreads)
struct ProofTests {
    private let otherKey = "test.example/ledger+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    @Test("verify says OK, as text and as JSON")
    func verify() throws {
        let ledger = try KnownHistory.ledger()
        let text = try ledger.run("verify", "--key", ledger.key)
        #expect(text.status == 0, "\(text.messages)")
        #expect(text.output.contains("OK"))
        let json = try ledger.run("verify", "--key", ledger.key, "--json")
        #expect(json.output.contains(#""verdict":"OK""#))
    }

    @Test("verify names the entry whose bytes were changed, and ends with 1")
    func verifyTampered() throws {
        let ledger = try TestLedger()
        try #require(try ledger.run("run", KnownHistory.fixture).status == 0)
        let entries = try ledger.exportedLog().split(separator: "\n").map(String.init)
        let changed = try #require(try LogEntry.read(ledger.exportedLog()).last { $0.type == "transfer.posted" })
        try Tampering.change(entries[changed.number], in: ledger.data)
        let result = try ledger.run("verify", "--key", ledger.key, "--json")
        #expect(result.status == 1, "\(result.output)\(result.messages)")
        #expect(result.output.contains(#""verdict":"FAIL""#))
        #expect(result.output.contains(String(changed.number)))
    }

    @Test("an export verifies, and without its last line is found to be cut")
    func verifyExport() throws {
        let ledger = try KnownHistory.ledger()
        let folder = try TemporaryDirectory()
        let file = folder.file("log.ndjson")
        #expect(try ledger.run("export", "--ndjson", file).status == 0)
        let whole = try Docket.binary.run("verify", file, "--key", ledger.key)
        #expect(whole.status == 0, "\(whole.output)\(whole.messages)")
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        try (lines.dropLast().joined(separator: "\n") + "\n").write(toFile: file, atomically: true, encoding: .utf8)
        let cut = try Docket.binary.run("verify", file, "--key", ledger.key, "--json")
        #expect(cut.status == 1, "\(cut.output)\(cut.messages)")
        #expect(cut.output.contains("truncated"))
    }

    @Test("verify with another key of the same name fails, with a key that is none cannot run")
    func verifyOtherKey() throws {
        let ledger = try KnownHistory.ledger(), other = try TestLedger()
        #expect(try ledger.run("verify", "--key", other.key).status == 1)
        #expect(try ledger.run("verify", "--key", "nonsense").status == 2)
    }

    @Test("a receipt is checked with no ledger, and with the key of its log alone")
    func receipt() throws {
        let ledger = try KnownHistory.ledger(), other = try TestLedger()
        let folder = try TemporaryDirectory()
        let file = folder.file("receipt")
        #expect(try ledger.run("receipt", "20", "--output", file).status == 0)
        let good = try Docket.binary.run(["check", file, "--key", ledger.key], in: folder.path)
        #expect(good.status == 0, "\(good.messages)")
        #expect(good.output.hasPrefix("OK: entry 20 of \(TestLedger.origin)"))
        let bad = try Docket.binary.run("check", file, "--key", other.key)
        #expect(bad.status == 1)
        #expect(try Docket.binary.run("check", file, "--key", "nonsense").status == 2)
    }

    @Test("a receipt of another entry, or one that was changed, proves nothing")
    func badReceipt() throws {
        let ledger = try KnownHistory.ledger()
        let folder = try TemporaryDirectory()
        let bare = folder.file("bare"), entry = folder.file("entry"), wrong = folder.file("wrong")
        try ledger.run("receipt", "20", "--bare").output.write(toFile: bare, atomically: true, encoding: .utf8)
        try ledger.run("show", "20", "--json").output.write(toFile: entry, atomically: true, encoding: .utf8)
        try ledger.run("show", "21", "--json").output.write(toFile: wrong, atomically: true, encoding: .utf8)
        #expect(try Docket.binary.run("check", bare, "--key", ledger.key, "--entry", entry).status == 0)
        #expect(try Docket.binary.run("check", bare, "--key", ledger.key, "--entry", wrong).status == 1)
        let missing = try Docket.binary.run("check", bare, "--key", ledger.key)
        #expect(missing.status == 2)
        #expect(missing.messages.contains("--entry"))
        let text = try String(contentsOfFile: bare, encoding: .utf8)
        for (old, new) in [("index 20", "index 21"), ("index 20", "index +20"), ("tlog-proof@v1", "tlog-proof@v2")] {
            try text.replacingOccurrences(of: old, with: new).write(toFile: bare, atomically: true, encoding: .utf8)
            #expect(try Docket.binary.run("check", bare, "--key", ledger.key, "--entry", entry).status == 1, "\(new)")
        }
    }

    @Test("a second program, which shares nothing with this one, accepts the export and the receipt")
    func independentVerifier() throws {
        let ledger = try KnownHistory.ledger()
        let python = try Docket(path: Docket.package + "/tools/python").run("-c", "import nacl")
        guard python.status == 0 else {
            print("skipped: no Python with PyNaCl (tools/install-packages --python)")
            return
        }
        let folder = try TemporaryDirectory()
        let file = folder.file("log.ndjson"), receipt = folder.file("receipt")
        #expect(try ledger.run("export", "--ndjson", file).status == 0)
        #expect(try ledger.run("receipt", "20", "--output", receipt).status == 0)
        let verifier = Docket(path: Docket.package + "/tools/python")
        let script = Docket.package + "/tools/verify.py"
        let good = try verifier.run(script, file, "--key", ledger.key, "--receipt", receipt)
        #expect(good.status == 0, "\(good.output)\(good.messages)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacingOccurrences(of: #""amount":199900"#, with: #""amount":199800"#)
            .write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try verifier.run(script, file, "--key", ledger.key).status == 1)
    }
}
