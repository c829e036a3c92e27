import Foundation
import TestSupport
import Testing

@Suite("Exports that others verify are continued", .ownThreads)
struct ExportResumeTests {
    private let folder: TemporaryDirectory
    private var path: String { folder.file("export") }

    init() throws { folder = try TemporaryDirectory("export-resume") }

    private func export(_ kind: String, _ ledger: TestLedger, _ more: String...) throws -> Docket.Result {
        try Docket.binary.run(["export", kind, path, "--data", ledger.data] + more)
    }

    private func bytes(_ name: String = "export") throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
    }

    @Test("an NDJSON export gets the lines that it lacks, also behind a line that was torn")
    func lines() throws {
        let (ledger, rest) = try ExportLedger.begun()
        #expect(try export("--ndjson", ledger, "--since").status == 0)
        let before = try bytes()
        try ExportLedger.append(rest, to: ledger)
        let whole = Data(try ledger.exportedLog().utf8)
        // As a process that died left it: whole entries without a checkpoint, and the beginning of one.
        for kept in [before.count, before.count + 30, whole.count - 10, 0] {
            try whole.prefix(kept).write(to: URL(fileURLWithPath: path))
            let result = try export("--ndjson", ledger, "--since")
            #expect(result.status == 0, "\(result.messages)")
            #expect(try bytes() == whole)
            #expect(try Docket.binary.run("verify", path, "--key", ledger.key).status == 0)
        }
        #expect(try bytes("export.checkpoint") == Data(try ledger.exportedCheckpoint().utf8))
    }

    @Test("an NDJSON file that holds anything else is refused with its line, and left as it is")
    func otherLines() throws {
        let ledger = try KnownHistory.ledger()
        let log = try ledger.exportedLog()
        let lines = log.split(separator: "\n").map { $0 + "\n" }
        let wrong = [
            ("mine", "line 1 "), ("mine\n", "line 1 "), (log + "{}\n", "line 179 "), (log + "x", "line 179 "),
            ((lines[..<10] + lines[11...]).joined(), "line 11 "),
            (
                log.replacing("\"sequence\":\"0000000000000100\"", with: "\"sequence\":\"0000000000000101\""),
                "line 101 "
            ),
        ]
        for (text, place) in wrong {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let result = try export("--ndjson", ledger, "--since")
            #expect(result.status == 1 && result.messages.contains(place), "\(result.messages)")
            #expect(try bytes() == Data(text.utf8))
        }
    }

    @Test("a tlog-tiles directory grows with the log, verifies each time, and another log's is refused")
    func tiles() throws {
        let ledger = try TestLedger()
        let month = try String(contentsOfFile: Docket.package + "/fixtures/month.ndjson", encoding: .utf8)
        let lines = month.split(separator: "\n").prefix(300).map { $0 + "\n" }
        var seen = ""
        for part in [lines.prefix(40), lines.dropFirst(40).prefix(100), lines.dropFirst(140)] {
            try ExportLedger.append(part.joined(), to: ledger)
            let result = try export("--tiles", ledger, "--since")
            #expect(result.status == 0, "\(result.messages)")
            let verified = try Docket.binary.run("verify", path, "--key", ledger.key)
            #expect(verified.status == 0, "\(verified.output)")
            let checkpoint = try ledger.run("checkpoint").output
            #expect(try bytes("export/checkpoint") == Data(checkpoint.utf8) && checkpoint != seen)
            seen = checkpoint
        }
        // More than one full tile, so that there is a level above.
        #expect(
            FileManager.default.fileExists(atPath: path + "/tile/0/001")
                && FileManager.default.fileExists(atPath: path + "/tile/1/000.p"))
        let other = try KnownHistory.ledger()
        let refused = try export("--tiles", other, "--since")
        #expect(refused.status == 1, "\(refused.messages)")
        #expect(try bytes("export/checkpoint") == Data(seen.utf8))
        // What an interrupted export lost of a partial tile is written again.
        try FileManager.default.removeItem(atPath: path + "/tile/1")
        try FileManager.default.removeItem(atPath: path + "/checkpoint")
        #expect(try export("--tiles", ledger).status == 0)
        #expect(try Docket.binary.run("verify", path, "--key", ledger.key).status == 0)
    }
}
