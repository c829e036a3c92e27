import Foundation
import TestSupport
import Testing

@Suite("Import of exports", .ownThreads)
struct ImportTests {
    private let folder: TemporaryDirectory
    private var copy: String { folder.file("copy") }

    init() throws { folder = try TemporaryDirectory("import") }

    /// An export of the known history.
    private func exported(_ kind: String) throws -> (path: String, ledger: TestLedger) {
        let ledger = try KnownHistory.ledger()
        let path = folder.file("export")
        let result = try ledger.run("export", kind, path)
        try #require(result.status == 0, "\(result.messages)")
        return (path, ledger)
    }

    private func importing(_ path: String, key: String) throws -> Docket.Result {
        try Docket.binary.run("import", path, "--data", copy, "--key", key)
    }

    @Test("makes the same ledger, which verifies, derives and tells as the first", arguments: ["--ndjson", "--tiles"])
    func same(kind: String) throws {
        let (path, ledger) = try exported(kind)
        let result = try importing(path, key: ledger.key)
        #expect(result.status == 0 && result.messages.contains("178 entries of \(TestLedger.origin), verified"))
        for arguments in [
            ["log", "--json"], ["accounts", "--json"], ["checkpoint"], ["explain", "100", "--json"],
            ["show", "order:ORD-001"], ["receipt", "100"], ["replay", "--json"],
        ] {
            let first = try Docket.binary.run(arguments + ["--data", ledger.data])
            let second = try Docket.binary.run(arguments + ["--data", copy])
            #expect(second.status == 0 && second.output == first.output, "\(arguments): \(second.messages)")
        }
        #expect(try Docket.binary.run("verify", copy, "--key", ledger.key).status == 0)
        #expect(try Docket.binary.run("recompute", "--data", copy).status == 0)
        let again = try importing(path, key: ledger.key)
        #expect(again.status == 2 && again.messages.contains("exists already"), "\(again.messages)")
    }

    @Test("makes a ledger that nothing is appended to")
    func readOnly() throws {
        let (path, ledger) = try exported("--ndjson")
        #expect(try importing(path, key: ledger.key).status == 0)
        for arguments in [["serve"], ["run", KnownHistory.fixture], ["append", KnownHistory.fixture]] {
            let result = try Docket.binary.run(arguments + ["--data", copy])
            #expect(result.status == 2 && result.messages.contains("is a read-only copy of a ledger"), "\(result)")
        }
        let made = try Docket.binary.run("init", "--data", copy, "--origin", "x", "--rules", Docket.rules)
        #expect(made.status == 2, "\(made.messages)")
        #expect(try Docket.binary.run("verify", copy, "--key", ledger.key).status == 0)
    }

    @Test("a damaged export is refused with its place, and nothing is left")
    func damaged() throws {
        let (path, ledger) = try exported("--ndjson")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0 + "\n" }
        func refused(_ export: String, _ words: String) throws {
            try export.write(toFile: path, atomically: true, encoding: .utf8)
            let result = try importing(path, key: ledger.key)
            #expect(result.status == 1 && result.messages.contains(words), "\(result.messages)")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                    "export", "export.checkpoint",
                ])
        }
        var changed = lines
        changed[99] = changed[99].replacing("recordedtime\":\"2", with: "recordedtime\":\"3")
        try refused(changed.joined(), "entry 99, line 100")
        try refused(lines.dropLast().joined(), "entry 177, line 178")
        try refused(String(text.dropLast(40)), "entry 177, line 178 is torn")
        try refused(text + "{\"torn", "entry 178, line 179 is torn")
        try refused(text + lines[177], "entry 177, line 178")
        try refused((lines[..<50] + [lines[51], lines[50]] + lines[52...]).joined(), "entry 50, line 51")
        try refused("", "entry 0, line 1")
    }

    @Test("another key, no checkpoint and a path that is no export are said with 1 or 2")
    func unusable() throws {
        let (path, ledger) = try exported("--ndjson")
        let other = try TestLedger()
        let wrong = try importing(path, key: other.key)
        #expect(wrong.status == 1, "\(wrong.messages)")
        #expect(try importing(path, key: "nonsense+1+x").status == 2)
        #expect(try importing(folder.file("nothing"), key: ledger.key).status == 2)
        #expect(try importing(ledger.data, key: ledger.key).status == 2)
        try FileManager.default.removeItem(atPath: path + ".checkpoint")
        #expect(try importing(path, key: ledger.key).status == 1)
        #expect(!FileManager.default.fileExists(atPath: copy))
    }

    @Test("a damaged tile is refused, and nothing is left")
    func damagedTiles() throws {
        let (path, ledger) = try exported("--tiles")
        let bundle = path + "/tile/entries/000.p/178"
        let sound = try Data(contentsOf: URL(fileURLWithPath: bundle))
        for bytes in [sound.dropLast(10), Data(), sound.prefix(1), sound + sound] {
            try Data(bytes).write(to: URL(fileURLWithPath: bundle))
            let result = try importing(path, key: ledger.key)
            #expect(result.status == 1, "\(result.messages)")
            #expect(
                !FileManager.default.fileExists(atPath: copy)
                    && !FileManager.default.fileExists(atPath: copy + ".partial"))
        }
    }
}
