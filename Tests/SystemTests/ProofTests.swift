import EventLog
import Foundation
import Sodium
import TestSupport
import Testing
import TransparencyLog

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

@Suite("A log that was signed with other decisions than the rules give", .ownThreads)
struct ForgedLogTests {
    /// The known history with the amount of the first fine changed, chained and signed anew with the ledger's own key.
    private static func ledger() throws -> (ledger: TestLedger, fine: Int) {
        let ledger = try TestLedger(isFixed: true)
        try #require(try ledger.run("run", KnownHistory.fixture).status == 0)
        var previous: [UInt8]?
        var fine: Int?
        let batch = CommitBuffer()
        for (sequence, line) in try ledger.exportedLog().split(separator: "\n").enumerated() {
            var text = String(line)
            if let hash = previous.map({ EntryChain.hashText(of: $0) }) {
                text.replace(/"previoushash":"[^"]*"/, with: #""previoushash":"\#(hash)""#)
            }
            if fine == nil, text.contains(#""type":"fine.imposed"}"#) {
                fine = sequence
                text.replace(#""amount":3998"#, with: #""amount":3997"#)
            }
            let bytes = Array(text.utf8)
            batch.append(bytes, leafHash(bytes))
            previous = bytes
        }
        let signer = try NoteSigner(name: TestLedger.origin, key: SigningKey(seed: (0..<32).map { UInt8($0) }))
        let log = ledger.data + "/log"
        try FileManager.default.removeItem(atPath: log)
        try EventLog.create(
            directory: log, origin: TestLedger.origin, verifierKey: signer.verifierKey, mapSize: 1 << 30)
        _ = try EventLog.openWriter(directory: log, signer: signer, mapSize: 1 << 30).commit(batch)
        return (ledger, try #require(fine))
    }

    @Test("verifies, and yet `recompute` ends with 1, as does `verify` for who saw the checkpoint of before")
    func recompute() throws {
        let (ledger, fine) = try Self.ledger()
        #expect(try ledger.run("verify", "--key", ledger.key).status == 0)
        let seen = ledger.folder.file("export.ndjson.checkpoint")
        let fork = try ledger.run("verify", "--key", ledger.key, "--since", seen)
        #expect(fork.status == 1 && fork.output.hasPrefix("FORK"))
        #expect(fork.output.contains(try ledger.exportedCheckpoint()))
        let result = try ledger.run("recompute", "--json")
        #expect(result.status == 1)
        for text in [#""sequence":\#(fine),"what":"the rules give another `fine.imposed`"#, "3998", "3997"] {
            #expect(result.output.contains(text), "\(result.output)")
        }
    }

    @Test("verifies, and yet `explain` ends with 1 and says where the rules differ")
    func explain() throws {
        let (ledger, fine) = try Self.ledger()
        #expect(try ledger.run("verify", "--key", ledger.key).status == 0)
        let forged = try ledger.run("explain", String(fine))
        #expect(forged.status == 1, "\(forged.messages)")
        #expect(forged.output.contains("NOT what the rules give"))
        #expect(forged.messages.contains("#\(fine)"), "\(forged.messages)")
        let json = try ledger.run("explain", String(fine), "--json")
        #expect(json.status == 1)
        #expect(json.output.contains(#""recomputed":false"#))
        #expect(try ledger.run("explain", "40").status == 0)
    }
}
