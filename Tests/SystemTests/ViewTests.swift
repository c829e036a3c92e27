import Foundation
import LMDB
import TestSupport
import Testing

/// What somebody with access to the disk does to `views/`, and what the program says of it.
@Suite("Changed views", .ownThreads)
struct ViewTests {
    private let ledger: TestLedger

    init() throws {
        ledger = try TestLedger()
        try #require(try ledger.run("run", KnownHistory.fixture).status == 0)
    }

    private struct Report: Decodable {
        struct Finding: Decodable {
            let table: String?
        }
        let entries: Int, rows: Int, verdict: String
        let findings: [Finding]
    }

    private func report() throws -> (status: Int32, report: Report) {
        let result = try ledger.run("views", "check", "--json")
        return (result.status, try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)))
    }

    /// Gives U-ali's wallet what the bank's account holds.
    private func raise() throws {
        var options = Environment.Options()
        options.maxTables = 100
        options.mapSize = 1 << 30
        let environment = try Environment(path: ledger.data + "/views", options: options)
        let accounts = try environment.table("rows.accounts")
        let row = try #require(try environment.read().get(accounts, Array(" platform/fines/PKR".utf8)))
        let write = try environment.write()
        try write.put(accounts, Array(" wallet/U-ali/PKR".utf8), row)
        try write.commit()
    }

    @Test("are named by `views check`, made again at the next start, which is said once, and right then")
    func changed() throws {
        let before = try ledger.run("run", "-", input: "")
        #expect(before.status == 0 && !before.messages.contains("views"))
        let sound = try report()
        #expect(sound.status == 0 && sound.report.verdict == "OK" && sound.report.findings.isEmpty)
        #expect(sound.report.rows > 100 && sound.report.entries > 100)
        try raise()
        let found = try report()
        #expect(found.status == 1 && found.report.verdict == "FAIL")
        #expect(found.report.findings.map(\.table) == ["accounts"])
        let text = try ledger.run("views", "check")
        #expect(text.output == "FAIL: table `accounts` does not hold the rows that were written\n")
        try ledger.startService()
        #expect(try ledger.stopService() == 0)
        let said = ledger.messages.split(separator: "\n").filter { $0.contains("the views were changed") }
        #expect(said.count == 1 && said.first?.contains("table `accounts`") == true, "\(ledger.messages)")
        #expect(try report().status == 0)
    }

    @Test("are checked beside a running service")
    func beside() throws {
        try ledger.startService()
        #expect(try report().status == 0)
        #expect(try ledger.stopService() == 0)
        #expect(try report().status == 0)
    }

    @Test("cannot be judged without the ledger's key, nor without views: exit 2")
    func noKey() throws {
        #expect(try ledger.run("views", "check", "--key-file", ledger.folder.file("none")).status == 2)
        let other = try TestLedger()
        let result = try ledger.run("views", "check", "--key-file", other.data + "/key")
        #expect(result.status == 2 && result.messages.contains("is not the key of this ledger"))
        let moved = ledger.folder.file("key")
        try FileManager.default.moveItem(atPath: ledger.data + "/key", toPath: moved)
        #expect(try ledger.run("views", "check").status == 2)
        #expect(try ledger.run("views", "check", "--key-file", moved).status == 0)
        try FileManager.default.removeItem(atPath: ledger.data + "/views")
        let none = try ledger.run("views", "check", "--key-file", moved)
        #expect(none.status == 2 && none.messages.contains("has no views"), "\(none.messages)")
    }
}
