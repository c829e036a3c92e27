import Foundation
import TestSupport
import Testing

@Suite("Checkpoints held outside, from the command line", .ownThreads)
struct CheckpointTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    /// A ledger of five commits, and the sizes after them.
    private func ledger() throws -> (ledger: TestLedger, sizes: [Int]) {
        let ledger = try TestLedger()
        let history = try String(contentsOfFile: KnownHistory.fixture, encoding: .utf8).split(separator: "\n")
        var sizes: [Int] = []
        for line in history.prefix(5) {
            try #require(try ledger.run("run", "-", input: line + "\n").status == 0)
            sizes.append(try size(of: ledger))
        }
        return (ledger, sizes)
    }

    private func size(of ledger: TestLedger) throws -> Int {
        let lines = try ledger.run("checkpoint").output.split(separator: "\n")
        return try #require(Int(lines[1]))
    }

    private func write(_ text: String, _ name: String) throws -> String {
        try text.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
        return folder.file(name)
    }

    @Test("`checkpoint` prints the newest signed note, of a data directory and of a running service")
    func checkpoint() throws {
        let ledger = try KnownHistory.ledger()
        let note = try ledger.run("checkpoint")
        #expect(note.status == 0, "\(note.messages)")
        #expect(note.output.hasPrefix("\(TestLedger.origin)\n"))
        #expect(note.output.contains("\n\n— \(TestLedger.origin) "))
        let json = try ledger.run("checkpoint", "--json").output
        #expect(json.contains(#""checkpoint":"\#(TestLedger.origin)\n"#))
        #expect(json.contains(#""origin":"\#(TestLedger.origin)","root":""#))
        #expect(try ledger.run("verify", "--key", ledger.key, "--since", write(note.output, "note")).status == 0)
        let served = try TestLedger()
        try #require(try served.run("run", KnownHistory.fixture).status == 0)
        let before = try served.run("checkpoint").output
        try served.startService()
        #expect(try served.send("checkpoint").output == before)
        #expect(try served.run("checkpoint").output == before)
    }

    @Test("a ledger without an entry has no checkpoint, and a socket without a service no answer: exit 2")
    func none() throws {
        let ledger = try TestLedger()
        #expect(try ledger.run("checkpoint").status == 2)
        #expect(try ledger.send("checkpoint").status == 2)
        #expect(try ledger.run("consistency", "1", "2").status == 2)
    }

    @Test("`consistency` prints what a witness is asked, by sizes and by files, and a service the same")
    func consistency() throws {
        let (ledger, sizes) = try ledger()
        let old = String(sizes[1]), new = String(sizes[4])
        let proof = try ledger.run("consistency", old, new)
        #expect(proof.status == 0, "\(proof.messages)")
        #expect(proof.output.hasPrefix("old \(old)\n"))
        let newest = try ledger.run("checkpoint").output
        #expect(proof.output.hasSuffix("\n\n" + newest))
        let file = try write(newest, "newest")
        #expect(try ledger.run("consistency", old, file).output == proof.output)
        let json = try ledger.run("consistency", old, new, "--json").output
        #expect(json.contains(#""new":\#(new),"old":\#(old)"#))
        #expect(try ledger.run("consistency", new, new).output == "old \(new)\n\n" + newest)
        try ledger.startService()
        #expect(try ledger.send("consistency", old, new).output == proof.output)
        #expect(try ledger.send("consistency", old, file).output == proof.output)
    }

    @Test("sizes that are not of commits end with 2, a checkpoint that the log does not continue with 1")
    func refused() throws {
        let (ledger, sizes) = try ledger()
        let old = String(sizes[1]), new = String(sizes[4])
        for (from, to) in [("0", new), ("1", new), (old, "9999"), (new, old), ("+2", new), ("02", new), ("none", new)] {
            #expect(try ledger.run("consistency", from, to).status == 2, "\(from) \(to)")
        }
        let other = try TestLedger()
        for line in try String(contentsOfFile: KnownHistory.fixture, encoding: .utf8).split(separator: "\n").prefix(5) {
            let changed = line.replacingOccurrences(of: "lahore", with: "karachi")
            try #require(try other.run("run", "-", input: changed + "\n").status == 0)
        }
        let foreign = try write(try other.run("checkpoint").output, "foreign")
        #expect(try ledger.run("consistency", old, foreign).status == 1)
        #expect(try ledger.run("consistency", foreign, new).status == 1)
        try ledger.startService()
        #expect(try ledger.send("consistency", "1", new).status == 2)
        #expect(try ledger.send("consistency", foreign, new).status == 1)
    }

    @Test("`verify` takes receipts and several checkpoints, and says stale of a log that is older than one")
    func pinned() throws {
        let (ledger, sizes) = try ledger()
        let older = try ledger.run("consistency", String(sizes[0]), String(sizes[2])).output
        let first = try write(
            try #require(older.components(separatedBy: "\n\n").dropFirst().first) + "\n\n"
                + older.components(separatedBy: "\n\n")[2], "first")
        let receipt = folder.file("receipt"), export = folder.file("export")
        #expect(try ledger.run("receipt", "3", "-o", receipt).status == 0)
        let newest = try write(try ledger.run("checkpoint").output, "newest")
        let good = try ledger.run(
            "verify", "--key", ledger.key, "--since", first, "--since", newest, "--since", receipt, "--receipt", receipt
        )
        #expect(good.status == 0, "\(good.output)\(good.messages)")
        let lines = try ledger.exportedLog().split(separator: "\n")
        _ = try write(lines.prefix(sizes[2]).map { $0 + "\n" }.joined(), "export")
        try FileManager.default.copyItem(atPath: first, toPath: export + ".checkpoint")
        let stale = try Docket.binary.run("verify", export, "--key", ledger.key, "--since", newest, "--json")
        #expect(stale.status == 3, "\(stale.output)\(stale.messages)")
        let text = try String(contentsOfFile: receipt, encoding: .utf8)
        _ = try write(text.replacingOccurrences(of: "index 3\n", with: "index 4\n"), "receipt")
        let bad = try ledger.run("verify", "--key", ledger.key, "--receipt", receipt, "--json")
        #expect(bad.status == 1)
        #expect(bad.output.contains(#""reason":"inclusion""#))
    }
}
