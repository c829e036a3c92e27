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

    // MARK: Reading

    private static let reading = [
        ["accounts"], ["accounts", "--json", "--currency", "PKR"], ["show", "wallet/U-ali/PKR"],
        ["show", "order:ORD-001"], ["show", "complaint:COMP-001", "--json"], ["transfers", "wallet/U-ali/PKR"],
        ["transfers", "escrow/ORD-001/PKR"],
        ["log", "--subject", "ORD-001"], ["log", "--subject", "order:ORD-001", "--json"], ["log", "--about", "U-ali"],
        ["log", "--type", "fine.imposed"], ["log"],
    ]

    @Test("readers answer alike from the views, from earlier ones, from damaged ones and from the log alone")
    func reading() throws {
        let other = try TestLedger()
        let events = try String(contentsOfFile: KnownHistory.fixture, encoding: .utf8).split(separator: "\n")
        let views = other.data + "/views", aside = other.folder.file("aside")
        try #require(other.run("run", "-", input: events[..<20].joined(separator: "\n")).status == 0)
        try FileManager.default.copyItem(atPath: views, toPath: aside)
        try #require(other.run("run", "-", input: events[20...].joined(separator: "\n")).status == 0)
        func answers() throws -> [String] {
            try Self.reading.map { verb in
                let result = try Docket.binary.run(verb + ["--data", other.data])
                #expect(result.status == 0, "\(verb): \(result.messages)")
                return result.output
            }
        }
        let right = try answers()
        try FileManager.default.removeItem(atPath: views)
        #expect(try answers() == right)
        try FileManager.default.copyItem(atPath: aside, toPath: views)
        #expect(try answers() == right)
        try Data(repeating: 7, count: 9000).write(to: URL(fileURLWithPath: views + "/data.mdb"))
        #expect(try answers() == right)
    }

    @Test("`log --about` finds every entry that names somebody in its data, as its subject or in an account")
    func about() throws {
        let named = try ledger.exportedLog().split(separator: "\n").filter { line in
            ["\"U-ali\"", "/U-ali/", "/U-ali\""].contains { line.contains($0) }
        }
        #expect(named.count > 10)
        #expect(try ledger.run("log", "--about", "U-ali", "--json").lines == named.map(String.init))
        #expect(try ledger.run("log", "--about", "U-al", "--json").lines.isEmpty)
    }

    @Test("follow the log within seconds while the service has nothing to do")
    func quiet() async throws {
        let quiet = try TestLedger()
        try quiet.startService()
        #expect(try quiet.send("append", KnownHistory.fixture).status == 0)
        let entries = try quiet.exportedLog().split(separator: "\n").count
        try await Patience.wait(for: "the views") {
            let result = try quiet.run("views", "check", "--json")
            return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)).entries == entries
        }
        let transfers = try HTTPExchange(quiet.socket).body("/v1/accounts/wallet%2FU-ali%2FPKR/transfers")
        #expect(transfers.split(separator: "\n").count > 3)
        #expect(try quiet.stopService() == 0)
    }
}
