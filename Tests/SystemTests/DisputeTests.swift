import Foundation
import TestSupport
import Testing

@Suite("Everything on one dispute in one file", .ownThreads)
struct DisputeTests {
    /// A bundle of the known history's complaint, with what was printed of it.
    private final class Made: Sendable {
        let folder: TemporaryDirectory
        let key: String
        let text: String

        init() throws {
            let ledger = try KnownHistory.ledger()
            folder = try TemporaryDirectory("docket-dispute")
            key = ledger.key
            let made = try ledger.run(
                "dispute", "COMP-001", "-o", folder.file("bundle"), "--html", folder.file("page.html"))
            try #require(made.status == 0, "\(made.messages)")
            text = made.output
        }

        var bundle: String { folder.file("bundle") }
        var bytes: Data { get throws { try Data(contentsOf: URL(fileURLWithPath: bundle)) } }

        /// Writes a file beside the bundle.
        func write(_ bytes: Data, _ name: String = "changed") throws -> String {
            try bytes.write(to: URL(fileURLWithPath: folder.file(name)))
            return folder.file(name)
        }

        /// The bundle with a text in place of another.
        func replacing(_ old: String, with new: String) throws -> Data {
            let text = String(decoding: try bytes, as: UTF8.self)
            try #require(text.contains(old))
            return Data(text.replacing(old, with: new).utf8)
        }
    }

    private static let made = Result { try Made() }

    @Test("tells the same story where it is made and where it is checked, with no ledger")
    func check() throws {
        let made = try Self.made.get()
        #expect(made.text.hasPrefix("COMP-001  U-ali complained: delivery delay "))
        #expect(made.text.contains("operator's claim"))
        let checked = try Docket.binary.run(["check", "bundle", "--key", made.key], in: made.folder.path)
        #expect(checked.status == 0, "\(checked.messages)")
        #expect(checked.output == made.text)
        let json = try Docket.binary.run("check", made.bundle, "--key", made.key, "--json")
        #expect(json.status == 0)
        #expect(json.output.contains(#""verdict":"OK""#) && json.output.contains(#""outcome":"unresolved""#))
        let page = made.folder.file("again.html")
        #expect(try Docket.binary.run("check", made.bundle, "--key", made.key, "--html", page).status == 0)
        let pages = try ["page.html", "again.html"].map {
            try String(contentsOfFile: made.folder.file($0), encoding: .utf8)
        }
        #expect(pages[0] == pages[1])
        for part in ["<script", "http:", "https:", "src=", "url(", "@import"] { #expect(!pages[0].contains(part)) }
        #expect(pages[0].contains("@media print") && pages[0].contains("size:A4"))
    }

    @Test("an id that nothing is recorded about ends with 1, a kind that has no bundles with 2")
    func unknown() throws {
        let ledger = try KnownHistory.ledger(), folder = try TemporaryDirectory()
        let output = folder.file("x")
        for (id, status) in [("COMP-9", 1), ("request:COMP-001", 1), ("order:ORD-001", 2), ("complaint:", 2)] {
            let result = try ledger.run("dispute", id, "-o", output)
            #expect(result.status == status, "\(id): \(result.messages)")
            #expect(result.output.isEmpty && !result.messages.isEmpty)
            #expect(!FileManager.default.fileExists(atPath: output))
        }
        #expect(try ledger.run("dispute", "COMP-001").status == 2, "it must be said where to write it")
        let toOutput = try ledger.run("dispute", "COMP-001", "-o", "-")
        #expect(toOutput.status == 0)
        #expect(toOutput.output.utf8.elementsEqual(try Self.made.get().bytes))
    }

    @Test("a bundle that was changed or cut ends with 1, what is none with 2, and none by a signal")
    func bad() throws {
        let made = try Self.made.get(), other = try TestLedger()
        func status(_ bytes: Data, _ key: String? = nil) throws -> Int32 {
            let result = try Docket.binary.run("check", try made.write(bytes), "--key", key ?? made.key)
            #expect(!result.messages.isEmpty || result.status == 0)
            return result.status
        }
        let bytes = try made.bytes
        #expect(try status(bytes) == 0)
        #expect(try status(bytes, other.key) == 1)
        #expect(try status(bytes, "nonsense+x") == 2)
        #expect(try status(try made.replacing(#"\"amount\":3998,"#, with: #"\"amount\":3997,"#)) == 1)
        #expect(try status(try made.replacing(#""outcome":"unresolved""#, with: #""outcome":"rejected""#)) == 1)
        #expect(try status(bytes.prefix(bytes.count / 2)) == 1)
        let nested = String(repeating: #"{"bundle":"#, count: 200_000)
        #expect(try status(Data(nested.utf8)) == 1)
        #expect(try status(Data("{}".utf8)) == 2)
        #expect(try status(Data("[".utf8)) == 1, "as a receipt that is none")
        #expect(try status(Data(repeating: 0x20, count: 100 << 20)) == 2)
        #expect(try status(bytes + Data(repeating: 0x20, count: 100 << 20)) == 2)
        let refused = try Docket.binary.run(
            "check", try made.write(bytes.prefix(1000)), "--key", made.key, "--json")
        #expect(refused.status == 1 && refused.output.contains(#""verdict":"FAIL""#))
        #expect(try Docket.binary.run("check", made.bundle, "--key", made.key, "--entry", made.bundle).status == 2)
    }

    @Test("the service gives the same beside its work, and nothing for what it does not know")
    func service() throws {
        let ledger = try TestLedger()
        try ledger.startService()
        #expect(try ledger.send("append", KnownHistory.fixture).status == 0)
        let exchange = HTTPExchange(ledger.socket)
        let body = try exchange.body("/v1/bundles/complaint/COMP-001")
        #expect(try exchange.body("/v1/complaints/COMP-001/dispute") == body)
        let file = ledger.folder.file("bundle")
        try Data(body.utf8).write(to: URL(fileURLWithPath: file))
        let checked = try Docket.binary.run("check", file, "--key", ledger.key)
        #expect(checked.status == 0, "\(checked.messages)")
        let made = try ledger.run("dispute", "complaint:COMP-001", "-o", ledger.folder.file("made"))
        #expect(made.status == 0, "\(made.messages)")
        #expect(made.output == checked.output)
        for (target, status) in [
            ("/v1/bundles/complaint/COMP-9", 404), ("/v1/bundles/order/ORD-001", 404),
            ("/v1/complaints/COMP-9/dispute", 404), ("/v1/bundles/complaint/COMP-001?x=1", 400),
        ] {
            let answer = try exchange.send("GET \(target) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(target): \(answer.prefix(200))")
        }
        #expect(try ledger.stopService() == 0)
    }

    @Test("a second program, which shares nothing with this one, comes to the same verdicts on its proofs")
    func independentVerifier() throws {
        let made = try Self.made.get(), other = try TestLedger()
        let verifier = Docket(path: Docket.package + "/tools/python")
        guard try verifier.run("-c", "import nacl").status == 0 else {
            print("skipped: no Python with PyNaCl (tools/install-packages --python)")
            return
        }
        let bytes = try made.bytes
        let first = try #require(
            String(decoding: bytes, as: UTF8.self).firstMatch(of: /"proof":\["([^"]*)","([^"]*)"/))
        let (one, two) = (String(first.1), String(first.2))
        let cases: [(what: String, bytes: Data, key: String, status: Int32)] = [
            ("whole", bytes, made.key, 0), ("another key", bytes, other.key, 1),
            ("cut", bytes.prefix(bytes.count - 9), made.key, 1),
            ("a digit", try made.replacing(#"\"amount\":3998,"#, with: #"\"amount\":3997,"#), made.key, 1),
            ("a hash less", try made.replacing(#"["\#(one)","#, with: "["), made.key, 1),
            (
                "two hashes swapped", try made.replacing(#""\#(one)","\#(two)""#, with: #""\#(two)","\#(one)""#),
                made.key, 1
            ),
            ("not strict base64", try made.replacing(#"["\#(one)","#, with: #"["\#(one.dropLast())","#), made.key, 1),
            ("a sequence as text", try made.replacing(#""sequence":100}"#, with: #""sequence":"100"}"#), made.key, 1),
            ("another sequence", try made.replacing(#""sequence":100}"#, with: #""sequence":1000}"#), made.key, 1),
            ("a size", try made.replacing(#"\n178\n"#, with: #"\n177\n"#), made.key, 1),
            ("a member more", try made.replacing(#""engine":"#, with: #""eager":1,"engine":"#), made.key, 1),
            ("nesting", Data(String(repeating: #"{"bundle":"#, count: 100_000).utf8), made.key, 1),
        ]
        for (what, bytes, key, status) in cases {
            let file = try made.write(bytes, "case")
            let mine = try Docket.binary.run("check", file, "--key", key)
            #expect(mine.status == status, "\(what): \(mine.messages)")
            let theirs = try verifier.run(Docket.package + "/tools/verify.py", file, "--key", key)
            #expect(theirs.status == status, "\(what): \(theirs.output)\(theirs.messages)")
        }
    }
}
