import Foundation
import Glibc
import TestSupport
import Testing

/// A PostgreSQL cluster in a folder of its own, which listens on a socket there alone.
private final class PostgresCluster {
    private static let programs = "/usr/lib/postgresql/15/bin/"
    private let folder: TemporaryDirectory
    private let user: [String]
    private var server: ChildProcess?

    static var isInstalled: Bool {
        OtherProgram.isInstalled("psql") && FileManager.default.isExecutableFile(atPath: programs + "postgres")
    }

    init() throws {
        folder = try TemporaryDirectory("postgres")
        // The server refuses to run as root.
        user = getuid() == 0 ? ["runuser", "-u", "postgres", "--"] : []
        if getuid() == 0 {
            try OtherProgram.run("chown", "postgres", folder.path)
        }
        let made = try Docket(path: "/usr/bin/env").run(
            user + [
                Self.programs + "initdb", "-D", folder.file("db"), "-U", "tester", "-A", "trust", "-E", "UTF8",
                "--no-sync",
            ], in: folder.path)
        try #require(made.status == 0, "\(made.messages)")
        server = try ChildProcess(
            "/usr/bin/env",
            user + [
                Self.programs + "postgres", "-D", folder.file("db"), "-k", folder.path, "-c", "listen_addresses=", "-F",
            ], in: folder.path, output: .file(folder.file("server.out")), messages: .file(folder.file("server.err")))
        for _ in 0..<1000 {
            if try psql("-c", "select 1").status == 0 { return }
            usleep(20_000)
        }
        Issue.record(
            "PostgreSQL did not start: \((try? String(contentsOfFile: folder.file("server.err"), encoding: .utf8)) ?? "")"
        )
    }

    deinit {
        let pid = try? String(contentsOfFile: folder.file("db/postmaster.pid"), encoding: .utf8)
        if let pid = pid?.split(separator: "\n").first.flatMap({ Int32($0) }) { kill(pid, SIGQUIT) }
        _ = server?.wait()
    }

    func psql(_ arguments: String..., in directory: String = "/") throws -> Docket.Result {
        try psql(arguments, in: directory)
    }

    private func psql(_ arguments: [String], in directory: String) throws -> Docket.Result {
        try Docket(path: "/usr/bin/env").run(
            ["psql", "-X", "-q", "-h", folder.path, "-U", "tester", "-d", "postgres"] + arguments, in: directory)
    }

    func rows(_ query: String) throws -> [String] {
        let result = try psql("-A", "-t", "-c", query)
        try #require(result.status == 0, "\(query): \(result.messages)")
        return result.lines
    }

    /// Loads an export as its help says.
    func load(_ directory: String) throws -> Docket.Result {
        try psql("-f", "schema.sql", "-f", "load.sql", in: directory)
    }

    /// Every row of every table, in the order of the keys.
    func everything() throws -> [String] {
        try (SQLiteFile.tables + ["meta"]).flatMap { table in
            try ["= \(table)"] + rows("select * from \(table)").sorted()
        }
    }
}

@Suite("Export to PostgreSQL", .ownThreads, .enabled(if: PostgresCluster.isInstalled))
struct ExportSQLTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory("export-sql") }

    private func export(_ ledger: TestLedger, _ name: String, _ more: String...) throws -> Docket.Result {
        try Docket.binary.run(["export", "--sql", folder.file(name), "--data", ledger.data] + more)
    }

    @Test("psql loads every row, and their counts and sums are those of the SQLite export")
    func loads() throws {
        let ledger = try ExportLedger.month()
        #expect(try export(ledger, "sql").status == 0)
        let cluster = try PostgresCluster()
        let loaded = try cluster.load(folder.file("sql"))
        #expect(loaded.status == 0, "\(loaded.messages)")
        let file = SQLiteFile(path: folder.file("l.sqlite"))
        #expect(try ledger.run("export", "--sqlite", file.path).status == 0)
        for table in SQLiteFile.tables {
            let count = "SELECT count(*) FROM \(table)"
            #expect(try cluster.rows(count) == file.rows(count), "\(table)")
        }
        for query in [
            "SELECT account, currency, balance, available FROM balances ORDER BY account COLLATE \"C\"",
            "SELECT currency, effect, sum(amount) FROM transfers GROUP BY 1, 2 ORDER BY 1, 2",
            "SELECT sum(amount), sum(paid) FROM fines", "SELECT sum(length(data::text)) FROM entries",
        ] {
            let other = query.replacing(" COLLATE \"C\"", with: "").replacing("data::text", with: "data")
            #expect(try cluster.rows(query) == file.rows(other), "\(query)")
        }
        #expect(try cluster.rows("select sum(balance) from balances group by currency").allSatisfy { $0 == "0" })
        #expect(try cluster.rows("select count(*) from entries where (data->>'orderId') is not null") != ["0"])
        // Loading it again changes nothing.
        let before = try cluster.everything()
        #expect(try cluster.load(folder.file("sql")).status == 0)
        #expect(try cluster.everything() == before)
    }

    @Test("what is written later is loaded behind what came before, and refused behind anything else")
    func since() throws {
        let (ledger, rest) = try ExportLedger.begun()
        let cluster = try PostgresCluster()
        #expect(try export(ledger, "sql", "--since").status == 0)
        #expect(try cluster.load(folder.file("sql")).status == 0)
        let lines = rest.split(separator: "\n").map { $0 + "\n" }
        var folders: [String] = []
        for part in [lines.prefix(6), lines.dropFirst(6)] {
            try ExportLedger.append(part.joined(), to: ledger)
            let result = try export(ledger, "sql", "--since", "--json")
            struct Written: Decodable { let file: String, since: Int }
            let written = try JSONDecoder().decode(Written.self, from: Data(result.output.utf8))
            #expect(written.since > 0)
            folders.append(written.file)
        }
        let early = try cluster.load(folders[1])
        #expect(early.status != 0 && early.messages.contains("these files continue a database of"), "\(early)")
        for folder in folders {
            let loaded = try cluster.load(folder)
            #expect(loaded.status == 0, "\(loaded.messages)")
        }
        #expect(try cluster.load(folders[0]).status != 0)
        let continued = try cluster.everything()
        #expect(try export(ledger, "whole").status == 0)
        #expect(try cluster.load(folder.file("whole")).status == 0)
        #expect(try cluster.everything() == continued)
        #expect(try export(ledger, "sql", "--since", "--json").output.contains("\"file\":\"\(folder.file("sql"))\""))
    }

    @Test("another ledger's folder and one with other files are refused and left as they are")
    func refused() throws {
        let ledger = try KnownHistory.ledger()
        #expect(try export(ledger, "sql").status == 0)
        let other = try ExportLedger.begun(lines: 5).ledger
        let result = try export(other, "sql", "--since")
        #expect(result.status == 1 && result.messages.contains("this log has only"), "\(result.messages)")
        try "mine".write(toFile: folder.file("sql/checkpoint"), atomically: true, encoding: .utf8)
        #expect(try export(ledger, "sql", "--since").status == 2)
        try FileManager.default.createDirectory(atPath: folder.file("full"), withIntermediateDirectories: true)
        try "mine".write(toFile: folder.file("full/file"), atomically: true, encoding: .utf8)
        let full = try export(ledger, "full")
        #expect(full.status == 2 && full.messages.contains("holds other files"), "\(full.messages)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("full")) == ["file"])
    }
}
