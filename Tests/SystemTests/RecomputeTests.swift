import Foundation
import LMDB
import TestSupport
import Testing

/// `docket recompute` on a ledger that real processes made, and its background form in a running service.
@Suite("docket recompute", .ownThreads)
struct RecomputeVerbTests {
    @Test("derives the month again and compares every row of the views")
    func month() throws {
        let ledger = try TestLedger()
        try #require(try ledger.run("run", Docket.package + "/fixtures/month.ndjson").status == 0)
        let result = try ledger.run("recompute")
        #expect(result.status == 0, "\(result.messages)")
        #expect(result.output.hasPrefix("OK: "))
        #expect(result.output.contains("rows of the views compared"))
        let json = try ledger.run("recompute", "--json")
        #expect(json.status == 0 && json.output.contains(#""verdict":"OK""#))
    }

    @Test("a wallet raised in the views is found by its row, while verify and the accounts' sum say nothing")
    func raised() throws {
        let ledger = try TestLedger()
        try #require(try ledger.run("run", KnownHistory.fixture).status == 0)
        let environment = try Environment(path: ledger.data + "/views", options: Self.options)
        let accounts = try environment.table("rows.accounts")
        let key = Array(" wallet/U-ali/PKR".utf8)
        var row = try #require(try environment.read().get(accounts, key))
        row[row.count - 1] ^= 1
        let transaction = try environment.write()
        try transaction.put(accounts, key, row)
        try transaction.commit()
        let result = try ledger.run("recompute")
        #expect(result.status == 1)
        #expect(result.output.contains("1 row of the views"))
        #expect(result.output.contains("views, accounts `wallet/U-ali/PKR`"))
        #expect(try ledger.run("verify", "--key", ledger.key).status == 0)
    }

    @Test("views that claim to end within a cascade, so that no row of them is compared, are found")
    func astray() throws {
        let ledger = try TestLedger()
        try #require(try ledger.run("run", KnownHistory.fixture).status == 0)
        let environment = try Environment(path: ledger.data + "/views", options: Self.options)
        let meta = try environment.table("meta")
        let transaction = try environment.write()
        // Entry 100 is a decision.
        try transaction.put(meta, Array("position".utf8), Array("100 x".utf8))
        try transaction.commit()
        let result = try ledger.run("recompute")
        #expect(result.status == 1)
        #expect(result.output.contains("views that end within a cascade"), "\(result.output)")
    }

    @Test("an entry beyond the end cannot be stopped at, and a log that is missing says so")
    func usage() throws {
        let ledger = try TestLedger()
        try #require(try ledger.run("run", KnownHistory.fixture).status == 0)
        #expect(try ledger.run("recompute", "--to", "100000").status == 2)
        #expect(try ledger.run("recompute", "--to", "100").status == 0)
        #expect(try Docket.binary.run(["recompute", "--data", ledger.folder.file("none")]).status == 2)
    }

    @Test("a running service derives its log in the background and says so at /readyz")
    func background() throws {
        let ledger = try TestLedger()
        try ledger.startService("--recompute")
        try #require(try ledger.send("append", KnownHistory.fixture).status == 0)
        var ready = ""
        for _ in 0..<600 {
            ready = try HTTPExchange(ledger.socket).body("/readyz")
            if ready.contains(#""lag":0"#) { break }
            usleep(100_000)
        }
        #expect(ready.contains(#""recompute":{"differences":0,"entries":"#), "\(ready)")
        #expect(ready.contains(#""lag":0"#), "\(ready)")
    }

    private static var options: Environment.Options {
        var options = Environment.Options()
        options.mapSize = 1 << 30
        options.maxTables = 128
        return options
    }
}
