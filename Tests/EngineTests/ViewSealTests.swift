import AgentKit
import Engine
import EngineTestSupport
import EventLog
import Foundation
import LMDB
import Sodium
import TestSupport
import Testing

/// Changes of `views/` behind the service's back.
@Suite("the seal of the views")
struct ViewSealTests {
    private static let rules = ["order.yaml": TimeTests.rules]

    /// Sends waits of some keys, from number `first` on.
    private func wait(_ ledger: OpenLedger, from first: Int, _ count: Int, random: inout SeededGenerator) async throws {
        let events = try (first..<first + count).map { index in
            try ledger.event(
                "test.wait", #"{"key":"k\#(random.int(in: 0...40))","seconds":\#(random.int(in: 1...300))}"#,
                id: "e-\(index)", at: "2024-02-15T09:\(String(format: "%02d", min(59, index / 40))):00Z")
        }
        _ = await ledger.send(events)
    }

    /// A ledger that was opened, written to and closed.
    private func ledger(
        _ folder: TemporaryDirectory, events: Int = 200, seed: UInt64 = 1
    ) async throws -> DataDirectory {
        var random = SeededGenerator(seed: seed)
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        try await OpenLedger.using(directory, flushesAt: 50) { ledger in
            try await wait(ledger, from: 0, events, random: &random)
        }
        return directory
    }

    private func check(_ directory: DataDirectory, _ secret: ViewSecret? = nil) throws -> ViewCheck {
        let log = try EventLog.openReader(directory: directory.log)
        return try #require(try ViewCheck.run(directory, log, secret ?? OpenLedger.secret(directory)))
    }

    /// The bytes of every row of every table, as the machine sees them.
    private func rows(_ directory: DataDirectory) async throws -> [String] {
        try await OpenLedger.using(directory) { ledger in
            await ledger.sequencer.read { machine in
                machine.tables.tables.flatMap { table in
                    var lines: [String] = []
                    table.forEachKey { key in
                        lines.append("\(table.name) \(key) \(table.encoded(key) ?? [])")
                        return true
                    }
                    return lines
                }
            }
        }
    }

    // MARK: What is written

    @Test("the seal that is kept up at each flush is that of all rows, after any history")
    func incremental() async throws {
        var random = SeededGenerator.announced()
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        var sent = 0
        for _ in 0..<6 {
            try await OpenLedger.using(directory, flushesAt: random.int(in: 1...200)) { ledger in
                for _ in 0..<random.int(in: 1...4) {
                    let count = random.int(in: 1...120)
                    try await wait(ledger, from: sent, count, random: &random)
                    sent += count
                }
            }
            let found = try check(directory)
            #expect(found.findings.isEmpty)
            #expect(found.rows > 0 && found.position > 0)
        }
        let kept = try await rows(directory)
        try FileManager.default.removeItem(atPath: directory.views)
        #expect(try await rows(directory) == kept)
        #expect(try check(directory).isSound)
    }

    @Test("the views can be checked while the service writes them")
    func beside() async throws {
        var random = SeededGenerator(seed: 2)
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        try await OpenLedger.using(directory, flushesAt: 20) { ledger in
            for round in 0..<20 {
                try await wait(ledger, from: round * 30, 30, random: &random)
                #expect(try check(directory).findings.isEmpty)
            }
        }
    }

    @Test("another key opens no seal")
    func otherKey() async throws {
        let folder = try TemporaryDirectory()
        let directory = try await ledger(folder)
        let other = try ViewSecret([UInt8](repeating: 1, count: 32))
        #expect(try check(directory, other).findings == [.seal])
    }

    // MARK: What is changed

    /// A change made through LMDB itself.
    enum Change: String, CaseIterable {
        case rowChanged, rowAdded, rowRemoved, rowMoved, rowsSwapped, admittedChanged, positionBack, positionForward,
            positionRemoved, sealRemoved, sealChanged, sealOfBefore

        /// The tables that a check names; nil where it names something else.
        var tables: Set<String>? {
            switch self {
            case .rowChanged, .rowAdded, .rowRemoved, .rowsSwapped: ["timers"]
            case .rowMoved: ["timers", "subjects"]
            case .admittedChanged: ["admitted"]
            default: nil
            }
        }
    }

    /// Tables of `views/` opened for a change.
    private struct Views {
        let environment: Environment
        let meta: NamedTable, timers: NamedTable, subjects: NamedTable, admitted: NamedTable

        init(_ directory: DataDirectory) throws {
            var options = Environment.Options()
            options.maxTables = 100
            options.mapSize = 1 << 30
            environment = try Environment(path: directory.views, options: options)
            meta = try environment.table("meta")
            timers = try environment.table("rows.timers")
            subjects = try environment.table("rows.subjects")
            admitted = try environment.table("admitted", keys: .integer)
        }

        var seal: [UInt8] {
            get throws { try #require(try environment.read().get(meta, Array("seal".utf8))) }
        }

        /// The first rows of the timers.
        var rows: [(key: [UInt8], value: [UInt8])] {
            get throws {
                var cursor = try environment.read().cursor(timers)
                var rows: [(key: [UInt8], value: [UInt8])] = []
                var item = try cursor.first()
                while let row = item, rows.count < 2 {
                    rows.append(([UInt8](row.key), [UInt8](row.value)))
                    item = try cursor.next()
                }
                return rows
            }
        }
    }

    private func make(_ change: Change, in directory: DataDirectory, sealOfBefore: [UInt8]) throws {
        let views = try Views(directory)
        let rows = try views.rows
        let write = try views.environment.write()
        let position = Array("position".utf8)
        switch change {
        case .rowChanged: try write.put(views.timers, rows[0].key, rows[0].value.dropLast() + [rows[0].value.last! ^ 1])
        case .rowAdded: try write.put(views.timers, Array(" new".utf8), rows[0].value)
        case .rowRemoved: try write.delete(views.timers, rows[0].key)
        case .rowMoved:
            try write.delete(views.timers, rows[0].key)
            try write.put(views.subjects, rows[0].key, rows[0].value)
        case .rowsSwapped:
            try write.put(views.timers, rows[0].key, rows[1].value)
            try write.put(views.timers, rows[1].key, rows[0].value)
        case .admittedChanged:
            try [UInt8](repeating: 1, count: 8).withUnsafeBytes { try write.put(views.admitted, 42, $0) }
        case .positionBack: try write.put(views.meta, position, Array("5".utf8))
        case .positionForward: try write.put(views.meta, position, Array("100000".utf8))
        case .positionRemoved: try write.delete(views.meta, position)
        case .sealRemoved: try write.delete(views.meta, Array("seal".utf8))
        case .sealChanged:
            let seal = try #require(try write.get(views.meta, Array("seal".utf8)))
            try write.put(views.meta, Array("seal".utf8), seal.dropLast() + [seal.last! ^ 1])
        case .sealOfBefore: try write.put(views.meta, Array("seal".utf8), sealOfBefore)
        }
        try write.commit()
    }

    @Test(
        "a change through LMDB itself is found and named, and the next start makes the views again",
        arguments: Change.allCases)
    func changed(_ change: Change) async throws {
        let folder = try TemporaryDirectory()
        let directory = try await ledger(folder)
        let sealOfBefore = try Views(directory).seal
        var random = SeededGenerator(seed: 3)
        try await OpenLedger.using(directory) { try await wait($0, from: 200, 5, random: &random) }
        let right = try await rows(directory)
        try make(change, in: directory, sealOfBefore: sealOfBefore)
        let found = try check(directory)
        #expect(!found.isSound)
        let named = found.findings.compactMap { if case .table(let name) = $0 { name } else { nil } }
        if let tables = change.tables { #expect(Set(named) == tables) }
        #expect(try await rows(directory) == right)
        #expect(try check(directory).isSound)
    }

    @Test("views of an earlier time, put back whole, are right for that time, and the rest is folded behind them")
    func earlierViews() async throws {
        let folder = try TemporaryDirectory(), aside = try TemporaryDirectory()
        let directory = try await ledger(folder)
        try FileManager.default.copyItem(atPath: directory.views, toPath: aside.file("views"))
        var random = SeededGenerator(seed: 4)
        try await OpenLedger.using(directory) { try await wait($0, from: 200, 50, random: &random) }
        let right = try await rows(directory)
        try FileManager.default.removeItem(atPath: directory.views)
        try FileManager.default.copyItem(atPath: aside.file("views"), toPath: directory.views)
        #expect(try check(directory).isSound)
        #expect(try await rows(directory) == right)
    }

    @Test("views of another history of the ledger are made again")
    func otherHistory() async throws {
        let folder = try TemporaryDirectory(), aside = try TemporaryDirectory()
        let directory = try await ledger(folder)
        let other = try await ledger(aside, events: 300, seed: 2)
        let right = try await rows(other)
        try FileManager.default.removeItem(atPath: other.views)
        try FileManager.default.copyItem(atPath: directory.views, toPath: other.views)
        let position = try check(directory).position
        #expect(try check(other).findings == [.log(position)])
        #expect(try await rows(other) == right)
    }

    @Test("views that are ahead of the log are found, and no start goes on from them")
    func ahead() async throws {
        let folder = try TemporaryDirectory(), aside = try TemporaryDirectory()
        let directory = try await ledger(folder)
        let other = try await ledger(aside, events: 150)
        try FileManager.default.removeItem(atPath: other.views)
        try FileManager.default.copyItem(atPath: directory.views, toPath: other.views)
        let size = try EventLog.openReader(directory: other.log).size
        #expect(try check(other).findings == [.ahead(check(directory).position, size: size)])
        await #expect(throws: DataDirectoryError.self) { try await rows(other) }
    }

    // MARK: What it is for

    @Test("a wallet that was raised while the service was stopped pays out no more than it has")
    func raisedWallet() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: Bench.shippedRules())
        let withdrawal = #"{"withdrawalId":"W-1","userId":"U-ali","amount":5000,"currency":"PKR"}"#
        func deposit(_ id: String, _ user: String, _ amount: Int) -> String {
            #"{"depositId":"\#(id)","userId":"\#(user)","amount":\#(amount),"currency":"PKR","provider":"bank"}"#
        }
        try await OpenLedger.using(directory, sealing: OpenSealing()) { ledger in
            for (index, (type, data)) in [
                ("area.registered", #"{"area":"lahore"}"#),
                ("user.registered", #"{"userId":"U-ali","role":"buyer","area":"lahore","level":"basic"}"#),
                ("user.registered", #"{"userId":"U-sana","role":"buyer","area":"lahore","level":"basic"}"#),
                ("wallet.deposited", deposit("D-1", "U-ali", 100)),
                ("wallet.deposited", deposit("D-2", "U-sana", 9_000_000)),
            ].enumerated() {
                let answer = await ledger.send([
                    try ledger.event(type, data, id: "e-\(index)", at: "2024-02-15T09:00:00Z")
                ])
                #expect(!answer.hasRefusals, "\(type)")
            }
        }
        try raise("wallet/U-ali/PKR", to: "wallet/U-sana/PKR", in: directory)
        #expect(try check(directory).findings == [.table("accounts")])
        try await OpenLedger.using(directory, sealing: OpenSealing()) { ledger in
            let answer = await ledger.send([
                try ledger.event("wallet.withdrawal.requested", withdrawal, id: "w", at: "2024-02-25T09:00:00Z")
            ])
            let types = answer.entries[0].compactMap { bytes in
                (try? Document(adopting: bytes)).flatMap(Event.init)?.type
            }
            #expect(types.contains("withdrawal.rejected"), "\(types)")
            #expect(!types.contains("payout.requested") && !types.contains("transfer.posted"), "\(types)")
        }
    }

    /// Gives an account the balances of another.
    private func raise(_ account: String, to other: String, in directory: DataDirectory) throws {
        var options = Environment.Options()
        options.maxTables = 100
        options.mapSize = 1 << 30
        let environment = try Environment(path: directory.views, options: options)
        let accounts = try environment.table("rows.accounts")
        let row = try #require(try environment.read().get(accounts, Array((" " + other).utf8)))
        let write = try environment.write()
        #expect(try write.get(accounts, Array((" " + account).utf8)) != nil)
        try write.put(accounts, Array((" " + account).utf8), row)
        try write.commit()
    }
}
