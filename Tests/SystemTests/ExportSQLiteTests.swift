import Foundation
import TestSupport
import Testing

@Suite("Export to SQLite", .ownThreads, .enabled(if: OtherProgram.isInstalled("sqlite3")))
struct ExportSQLiteTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory("export-sqlite") }

    private func export(_ ledger: TestLedger, _ name: String = "l.sqlite", _ more: String...) throws -> SQLiteFile {
        let file = SQLiteFile(path: folder.file(name))
        let result = try Docket.binary.run(["export", "--sqlite", file.path, "--data", ledger.data] + more)
        try #require(result.status == 0, "\(result.messages)")
        return file
    }

    private struct Account: Decodable {
        let id: String?, currency: String, balance: Int?, available: Int?
    }

    @Test("has every entry, what moved and what it came to, and says the checkpoint to which it is complete")
    func complete() throws {
        let ledger = try KnownHistory.ledger()
        let file = try export(ledger)
        let log = try ledger.run("log", "--json").lines
        #expect(try file.value("SELECT count(*) FROM entries") == "\(log.count)")
        let last = try JSONSerialization.jsonObject(with: Data(log[99].utf8)) as? [String: Any]
        #expect(try file.value("SELECT type FROM entries WHERE sequence = 99") == last?["type"] as? String)
        let data = try file.value("SELECT data FROM entries WHERE sequence = 99")
        #expect(log[99].contains("\"data\":" + data + ","))
        let accounts = try ledger.run("accounts", "--json").lines.map {
            try JSONDecoder().decode(Account.self, from: Data($0.utf8))
        }
        let expected = accounts.compactMap { account in
            account.id.map { "\($0)|\(account.currency)|\(account.balance ?? 0)|\(account.available ?? 0)" }
        }
        #expect(try file.rows("SELECT account, currency, balance, available FROM balances ORDER BY 1") == expected)
        let checkpoint = try ledger.run("checkpoint").lines
        #expect(try file.rows("SELECT value FROM meta WHERE name = 'checkpoint'") == checkpoint)
        #expect(try file.value("SELECT value FROM meta WHERE name = 'verifierKey'") == ledger.key)
    }

    @Test("has the auditor's views and finds entries by their words")
    func views() throws {
        let file = try export(try ExportLedger.month())
        #expect(try file.rows("SELECT * FROM sums_not_zero").isEmpty)
        #expect(try file.rows("SELECT * FROM accounts_not_their_movements").isEmpty)
        let fines = try file.value("SELECT sum(amount) FROM fines WHERE party = 'franchise'")
        #expect(try file.value("SELECT sum(amount) FROM fines_by_franchise") == fines)
        #expect(Int(fines) ?? 0 > 0)
        let open = try file.value("SELECT count(*) FROM complaints WHERE status <> 'closed'")
        #expect(try file.value("SELECT count(*) FROM open_complaints") == open)
        #expect(
            try file.value("SELECT sum(decisions) FROM decisions_by_rule")
                == file.value("SELECT count(*) FROM entries WHERE rule IS NOT NULL"))
        let fined = try file.rows(
            "SELECT type FROM entries WHERE sequence IN (SELECT rowid FROM entries_search('fined')) GROUP BY 1")
        #expect(fined.contains("fine.imposed"))
        // A balance that somebody changes is named.
        _ = try file.rows("UPDATE balances SET balance = balance + 1 WHERE account = 'platform/fees/PKR'")
        #expect(try file.rows("SELECT account FROM accounts_not_their_movements") == ["platform/fees/PKR"])
        #expect(try file.rows("SELECT currency, sum FROM sums_not_zero") == ["PKR|1"])
    }

    @Test("the history has each record as it was at any entry", arguments: [62, 100, 140])
    func history(at sequence: Int) throws {
        struct Line: Decodable {
            let projection: String, key: String
        }
        let ledger = try KnownHistory.ledger()
        let file = try export(ledger)
        let replay = try ledger.run("replay", "--json", "--to", "\(sequence)").lines
        var expected: [String] = []
        for line in replay {
            let name = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
            guard !["agents", "offers", "reports", "tastes"].contains(name.projection) else { continue }
            let record = try #require(line.range(of: ",\"record\":"))
            expected.append("\(name.projection)|\(name.key)|" + line[record.upperBound...].dropLast())
        }
        let rows = try file.rows(
            """
            SELECT projection, "key", record FROM history WHERE from_sequence <= \(sequence)
              AND (to_sequence IS NULL OR to_sequence > \(sequence))
            """)
        #expect(rows.sorted() == expected.sorted())
    }

    @Test("continued after more entries it is what a whole export is")
    func since() throws {
        let (ledger, rest) = try ExportLedger.begun()
        let file = try export(ledger, "l.sqlite", "--since")
        let before = try file.value("SELECT count(*) FROM entries")
        try ExportLedger.append(rest, to: ledger)
        _ = try export(ledger, "l.sqlite", "--since")
        let whole = try export(ledger, "whole.sqlite")
        #expect(try file.value("SELECT count(*) FROM entries") != before)
        #expect(try file.everything() == whole.everything())
        // Once more there is nothing to do.
        _ = try export(ledger, "l.sqlite", "--since")
        #expect(try file.everything() == whole.everything())
    }

    @Test("killed in the middle it is the end of a batch, and is continued from there")
    func killed() async throws {
        let ledger = try ExportLedger.month()
        let file = SQLiteFile(path: folder.file("l.sqlite"))
        let arguments = ["export", "--sqlite", file.path, "--since", "--data", ledger.data]
        let process = try Docket.binary.start(arguments, output: folder.file("out"), messages: folder.file("err"))
        let size = "SELECT value FROM meta WHERE name = 'size'"
        try await Patience.wait(for: "the first batch") {
            let read = try OtherProgram.run("sqlite3", "-batch", "-readonly", file.path, size)
            return read.status == 0 && (Int(read.lines.first ?? "") ?? 0) > 0
        }
        process.kill()
        #expect(process.wait() == -SIGKILL)
        let kept = try #require(Int(try file.value(size)))
        #expect(kept > 0 && kept % 2048 == 0)
        #expect(try file.value("SELECT count(*) FROM entries") == "\(kept)")
        #expect(try file.rows("SELECT value FROM meta WHERE name = 'checkpoint'").isEmpty)
        let continued = try Docket.binary.run(arguments + ["--json"])
        #expect(continued.status == 0 && continued.output.contains("\"since\":\(kept)"), "\(continued)")
        #expect(try file.everything() == export(ledger, "whole.sqlite").everything())
    }

    @Test("who is erased later is erased in the rows that were there")
    func erased() throws {
        let ledger = try TestLedger()
        func time(_ minute: Int) -> String { "2024-02-15T09:0\(minute):00Z" }
        let data = #"{"userId":"U-1","role":"buyer","area":"lahore","name":"Nadia","email":"n@example.com"}"#
        try ExportLedger.append(
            ExportLedger.event("a", "area.registered", at: time(0), #"{"area":"lahore"}"#)
                + ExportLedger.event("r", "user.registered", at: time(1), data), to: ledger)
        let file = try export(ledger, "l.sqlite", "--since")
        let sealed = "SELECT count(*) FROM entries WHERE data LIKE '%\"sealed\"%'"
        #expect(try file.value(sealed) == "1")
        try ExportLedger.append(
            ExportLedger.event("e", "erasure.requested", at: time(2), #"{"requestId":"E-1","userId":"U-1"}"#),
            to: ledger)
        _ = try export(ledger, "l.sqlite", "--since")
        #expect(try file.value(sealed) == "0")
        let erased = try file.value("SELECT data FROM entries WHERE person = 'U-1'")
        #expect(erased.contains(#""email":{"erased":true}"#) && erased.contains(#""name":{"erased":true}"#))
        #expect(try file.everything() == export(ledger, "whole.sqlite").everything())
    }

    @Test("the export of another ledger, a changed one and a file that is none are refused and left as they are")
    func refused() throws {
        let ledger = try KnownHistory.ledger()
        let file = try export(ledger)
        let other = try ExportLedger.begun(lines: 5).ledger
        func refusal(_ status: Int32, _ words: String, data: String) throws {
            let before = try Data(contentsOf: URL(fileURLWithPath: file.path))
            let result = try Docket.binary.run("export", "--sqlite", file.path, "--since", "--data", data)
            #expect(result.status == status && result.messages.contains(words), "\(result.messages)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: file.path)) == before)
        }
        try refusal(1, "this log has only", data: other.data)
        _ = try file.rows("UPDATE meta SET value = '1' WHERE name = 'size'")
        try refusal(1, "of its first 1 entries the root is", data: ledger.data)
        _ = try file.rows("UPDATE meta SET value = 'elsewhere' WHERE name = 'origin'")
        try refusal(1, "is an export of `elsewhere`", data: ledger.data)
        _ = try file.rows("UPDATE meta SET value = '0' WHERE name = 'format'")
        try refusal(2, "another version", data: ledger.data)
        _ = try file.rows("DROP TABLE meta")
        try refusal(2, "is not an export of a ledger", data: ledger.data)
        try Data("no database at all, but a text that is long enough".utf8).write(to: URL(fileURLWithPath: file.path))
        try refusal(2, "is not an SQLite database", data: ledger.data)
        let folder = try Docket.binary.run("export", "--sqlite", folder.path, "--data", ledger.data)
        #expect(folder.status == 2 && folder.messages.contains("is not a file"), "\(folder.messages)")
    }

    @Test("a damaged database ends it with an exit code, wherever the damage is")
    func damaged() throws {
        let (ledger, rest) = try ExportLedger.begun()
        let file = try export(ledger)
        try ExportLedger.append(rest, to: ledger)
        let sound = try Data(contentsOf: URL(fileURLWithPath: file.path))
        for place in stride(from: 20, to: sound.count, by: sound.count / 12) {
            var bytes = sound
            for offset in place..<min(place + 64, bytes.count) { bytes[offset] ^= 0xA5 }
            try bytes.write(to: URL(fileURLWithPath: file.path))
            let result = try Docket.binary.run("export", "--sqlite", file.path, "--since", "--data", ledger.data)
            #expect((0...2).contains(result.status), "at \(place): \(result)")
        }
    }

    @Test("one kind of export is asked for at a time")
    func usage() throws {
        let ledger = try KnownHistory.ledger()
        #expect(try ledger.run("export").status == 2)
        #expect(try ledger.run("export", "--sqlite", "a", "--ndjson", "b").status == 2)
    }
}
