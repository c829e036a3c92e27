import EventLog
import Foundation
import LMDB
import Sodium
import TestSupport
import Testing

@testable import Engine

/// The operator has the disk and the signing key, and those who look for a fine have the verbs. What is changed in the log
/// itself is in `AuditTests/Attack`; here the ledger's own programs write what is false.
@Suite("An operator who lets the service itself write what is false", .ownThreads)
struct AttackTests {
    @Test("a wallet is raised in the views, sealed with the key, and paid out by the service")
    func paidOut() async throws {
        let ledger = try TestLedger()
        try #require(try ledger.run("run", KnownHistory.fixture).status == 0)
        let views = try SealedViews(ledger, "rows.accounts")
        try views.set(" wallet/U-ali/PKR", to: views.row(" wallet/U-hina/PKR"))
        #expect(try ledger.run("views", "check").status == 0, "the seal was made with the key")
        try ledger.startService("--recompute")
        let payment =
            #"{"specversion":"1.0","id":"p-1","source":"/wallets","type":"wallet.payment.requested","data":{"paymentId":"P-1","fromUserId":"U-ali","toUserId":"U-sana","amount":399800,"currency":"PKR"}}"#
        let paid = try ledger.send("append", "-", input: payment + "\n")
        #expect(paid.status == 0 && paid.output.contains("transfer.posted"), "\(paid.output)\(paid.messages)")
        try await Patience.wait(for: "the service's own recomputation") {
            try HTTPExchange(ledger.socket).body("/readyz").contains(#""differences":1"#)
        }
        #expect(try ledger.stopService() == 0)
        #expect(!ledger.messages.contains("the views were changed"))

        #expect(try ledger.run("verify", "--key", ledger.key).status == 0)
        #expect(try ledger.run("views", "check").status == 0)
        let found = try ledger.run("recompute")
        #expect(found.status == 1)
        for text in [
            "the rules give `transfer.rejected` here, not `transfer.posted`", "views, accounts `wallet/U-ali/PKR`",
            "    derived  no such row\n", "1 account beyond its limit",
            "wallet/U-ali/PKR stands at PKR -1,414.27, beyond its limit",
        ] { #expect(found.output.contains(text), "\(found.output)") }

        // The evidence in the views is gone; that in the log stays.
        try FileManager.default.removeItem(atPath: ledger.data + "/views")
        let later = try ledger.run("recompute")
        #expect(later.status == 1 && later.output.contains("PKR -1,414.27"), "\(later.output)")
        let accounts = try ledger.run("accounts")
        #expect(accounts.status == 0 && accounts.output.contains("sum PKR 0.00"))
        #expect(accounts.output.contains("-1,414.27"), "\(accounts.output)")
    }

    @Test("the words of a block are emptied, sealed with the key, so that no search finds the fine in it")
    func unsearchable() throws {
        let ledger = try TestLedger()
        let events = try String(contentsOfFile: KnownHistory.fixture, encoding: .utf8) + Histories.deposits.joined()
        try #require(try ledger.run("run", "-", input: events).status == 0)
        let found = try ledger.run("log", "--about", "COMP-001").lines.count
        #expect(try ledger.run("recompute").status == 0)
        try SealedViews(ledger, "words", keys: .integer).set([UInt8](repeating: 0, count: 8), to: [])
        #expect(try ledger.run("views", "check").status == 0, "the seal was made with the key")
        #expect(found > 10)
        #expect(try ledger.run("log", "--about", "COMP-001").lines.isEmpty)
        #expect(try ledger.run("replay", "--subject", "COMP-001").output.contains("fined PKR 39.98"))
        let result = try ledger.run("recompute")
        #expect(result.status == 1 && result.output.contains("views, words `0`"), "\(result.output)")
    }

    @Test("a copy from before the fine is put back and goes on otherwise, and each side is shown a history of its own")
    func forked() throws {
        let history = try Histories()
        let (ours, theirs) = (history.ledger.data, history.other)
        func verify(_ data: String, _ more: String...) throws -> Docket.Result {
            try Docket.binary.run(["verify", "--key", history.ledger.key, "--data", data] + more)
        }
        func run(_ data: String, _ arguments: String...) throws -> Docket.Result {
            try Docket.binary.run(arguments + ["--data", data])
        }
        let (before, between, after) = (history.file("before"), history.file("between"), history.file("after"))
        let (complaint, fine) = (history.file("complaint"), history.file("fine"))

        // Just put back: older than what was seen, and so said.
        #expect(try verify(theirs, "--since", between).status == 0)
        #expect(try verify(theirs, "--since", after).output.hasPrefix("STALE"))
        #expect(try verify(theirs, "--receipt", fine).status == 3)
        #expect(try run(theirs, "consistency", after, between).status == 2)

        // Gone on, with an answer that nobody gave.
        try history.goOn()
        for held in [[], ["--since", before], ["--since", between], ["--receipt", complaint]] {
            let result = try Docket.binary.run(["verify", "--key", history.ledger.key, "--data", theirs] + held)
            #expect(result.status == 0, "\(held): \(result.output)")
        }
        #expect(try verify(theirs, "--since", after).output.hasPrefix("STALE"))
        let fork = try verify(theirs, "--receipt", fine)
        #expect(fork.status == 1 && fork.output.hasPrefix("FORK"), "\(fork.output)")
        #expect(fork.output.components(separatedBy: "signed by the log:").count == 3)
        #expect(try Docket.binary.run("check", fine, "--key", history.ledger.key).status == 0)
        #expect(try run(theirs, "recompute").status == 0)
        #expect(try run(theirs, "views", "check").status == 0)
        #expect(try run(theirs, "accounts").output.contains("sum PKR 0.00"))

        // Two people who were shown one history each, and compare their checkpoints.
        let newest = try history.keep("newest", try run(theirs, "checkpoint").output)
        #expect(try run(theirs, "consistency", between, newest).status == 0)
        #expect(try run(ours, "consistency", between, after).status == 0)
        #expect(try run(theirs, "consistency", after, newest).status == 2)
        #expect(try verify(ours).status == 0 && verify(ours, "--since", after).status == 0)
        let split = try verify(ours, "--since", newest)
        #expect(split.status == 1 && split.output.hasPrefix("FORK"), "\(split.output)")
        #expect(split.output.contains(try String(contentsOfFile: newest, encoding: .utf8)))

        // Once theirs is as long as ours the newest checkpoint of ours tells too.
        try history.grow()
        let grown = try verify(theirs, "--since", after)
        #expect(grown.status == 1 && grown.output.hasPrefix("FORK"), "\(grown.output)")
    }
}

/// The known history, a copy of its ledger from behind the complaint, and what people kept of the first.
private struct Histories {
    let ledger: TestLedger
    /// The data directory of the copy.
    let other: String
    /// The events behind the complaint.
    private let rest: [String]

    init() throws {
        ledger = try TestLedger()
        other = ledger.folder.file("other")
        let events = try String(contentsOfFile: KnownHistory.fixture, encoding: .utf8).split(separator: "\n").map(
            String.init)
        let complaint = try #require(events.firstIndex { $0.contains(#""type":"complaint.submitted""#) })
        rest = Array(events[(complaint + 1)...])
        try Self.play(events[..<complaint], into: ledger.data)
        try keep("before", ledger.run("checkpoint").output)
        try Self.play(events[complaint...complaint], into: ledger.data)
        try keep("between", ledger.run("checkpoint").output)
        try receipt("complaint", of: "complaint.submitted")
        try FileManager.default.copyItem(atPath: ledger.data, toPath: other)
        try Self.play(rest[...], into: ledger.data)
        try keep("after", ledger.run("checkpoint").output)
        try receipt("fine", of: "fine.imposed")
    }

    func file(_ name: String) -> String { ledger.folder.file(name) }

    @discardableResult
    func keep(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: file(name), atomically: true, encoding: .utf8)
        return file(name)
    }

    private func receipt(_ name: String, of type: String) throws {
        let line = try #require(try ledger.run("log", "--type", type, "--json").lines.first)
        let entry = try JSONDecoder().decode(LogEntry.self, from: Data(line.utf8))
        try #require(try ledger.run("receipt", String(entry.number), "-o", file(name)).status == 0)
    }

    /// Tells the copy that the complaint was answered in time, and then the rest.
    func goOn() throws {
        let answer =
            #"{"specversion":"1.0","id":"forged","source":"/gosellr","type":"complaint.resolved","subject":"COMP-001","time":"2024-02-16T15:30:00Z","data":{"complaintId":"COMP-001","outcome":"rejected","by":"F-zoneone"}}"#
        try Self.play([answer] + rest, into: other)
    }

    /// Appends to the copy until it has more entries than the ledger.
    func grow() throws {
        try Self.play(Self.deposits[...], into: other)
    }

    /// 60 events, a line each, from which 120 entries come.
    static let deposits = (0..<60).map {
        #"{"specversion":"1.0","id":"g-\#($0)","source":"/wallets","type":"wallet.deposited","data":{"depositId":"G-\#($0)","userId":"U-hina","amount":100,"currency":"PKR","provider":"bank"}}"#
            + "\n"
    }

    private static func play(_ events: ArraySlice<String>, into data: String) throws {
        let input = events.map { $0.hasSuffix("\n") ? $0 : $0 + "\n" }.joined()
        let result = try Docket.binary.run("run", "-", "--data", data, input: input)
        try #require(result.status == 0, "\(result.output)\(result.messages)")
    }
}

/// A table of a ledger's views, whose rows are changed and sealed again with the key.
private struct SealedViews {
    private let environment: Environment
    private let table: NamedTable, meta: NamedTable
    private let secret: ViewSecret

    init(_ ledger: TestLedger, _ name: String, keys: NamedTable.Keys = .bytes) throws {
        var options = Environment.Options()
        options.mapSize = 1 << 30
        options.maxTables = 128
        environment = try Environment(path: ledger.data + "/views", options: options)
        table = try environment.table(name, keys: keys)
        meta = try environment.table("meta")
        secret = try ViewSecret(KeyFile(path: ledger.data + "/key").key(for: ViewSecret.purpose))
    }

    func row(_ key: String) throws -> [UInt8] { try #require(try environment.read().get(table, Array(key.utf8))) }

    func set(_ key: String, to row: [UInt8]) throws { try set(Array(key.utf8), to: row) }

    func set(_ key: [UInt8], to row: [UInt8]) throws {
        let identity = ViewTables.identity(origin: TestLedger.origin)
        let write = try environment.write()
        let stored: [UInt8] = try #require(try write.get(meta, ViewTables.MetaKey.seal))
        var seal = try #require(secret.opened(stored, identity: identity))
        let old: [UInt8] = try #require(try write.get(table, key))
        var sum = seal[table.name]
        sum -= hash(key, old)
        sum += hash(key, row)
        seal[table.name] = sum
        try write.put(table, key, row)
        try write.put(meta, ViewTables.MetaKey.seal, secret.sealed(seal, identity: identity))
        try write.commit()
    }

    private func hash(_ key: [UInt8], _ row: [UInt8]) -> SetHash {
        let hasher = secret.hasher(of: table.name)
        return key.withUnsafeBytes { key in row.withUnsafeBytes { hasher.hash(key, $0) } }
    }
}
