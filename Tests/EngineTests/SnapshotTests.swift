import AgentKit
import EngineTestSupport
import EventLog
import Foundation
import JSON
import LMDB
import TestSupport
import Testing
import TransparencyLog

@testable import Engine

/// Rows as they were at snapshot marks.
@Suite("snapshots in the views", .ownThreads)
struct SnapshotTests {
    /// Keys that LMDB takes, that are too long for it, and that have a zero in them.
    private static func key(_ random: inout SeededGenerator) -> String {
        let number = random.int(in: 0...30)
        return switch random.int(in: 0...5) {
        case 0: String(repeating: "l", count: 481) + "\(number % 3)"
        case 1: String(repeating: "m", count: 470) + "\(number % 3)"
        case 2: "k\\u0000\(number % 4)"
        case 3: "k\(number % 4)"
        default: "k\(number)"
        }
    }

    private func send(_ ledger: OpenLedger, from first: Int, _ count: Int, _ random: inout SeededGenerator) async throws
    {
        let events = try (first..<first + count).map { index in
            let type = random.int(in: 0...3) == 0 ? "test.stop" : "test.wait"
            let seconds = type == "test.wait" ? #","seconds":\#(random.int(in: 1...400))"# : ""
            return try ledger.event(
                type, #"{"key":"\#(Self.key(&random))"\#(seconds)}"#, id: "e-\(index)",
                at: "2024-02-15T\(String(format: "%02d:%02d", 9 + index / 600, index / 10 % 60)):00Z")
        }
        _ = await ledger.send(events)
    }

    private static func lines(_ machine: Machine) -> [String] {
        machine.tables.tables.flatMap { table in
            var keys: [String] = []
            table.forEachKey { key in
                keys.append(key)
                return true
            }
            return keys.map { "\(table.name) \($0) \(table.encoded($0) ?? [])" }.sorted()
        }
    }

    /// A machine over the rows of a snapshot, and the number of entries that it has folded.
    private func past(_ log: EventLog, before end: UInt64) throws -> (machine: Machine, position: UInt64)? {
        guard let views = ViewReader.beside(log, before: end) else { return nil }
        return (machine(log, views), views.position)
    }

    private func machine(_ log: EventLog, _ store: (any TableStore)? = nil) -> Machine {
        let settings = LedgerSettings(
            origin: log.origin, verifierKey: log.verifierKey.description, clock: .events)
        return Machine(settings: settings, history: CommittedHistory(log), store: store, chain: log.nextChain)
    }

    /// Compares the rows of every snapshot with those folded from the log's first entry on.
    /// - Returns: the number of snapshots.
    private func compareAll(_ directory: DataDirectory) throws -> Int {
        let log = try EventLog.openReader(directory: directory.log)
        let folded = machine(log)
        var seen: Set<UInt64> = []
        for sequence in 0..<log.size {
            let entry = try Document(adopting: try #require(try log.entry(sequence)))
            try folded.replay(entry)
            let near = ViewReader.beside(log, tables: [], before: sequence + 1)?.position
            guard near == sequence + 1, let past = try past(log, before: sequence + 1) else { continue }
            seen.insert(past.position)
            #expect(Self.lines(past.machine) == Self.lines(folded), "at \(past.position)")
            // The next entry begins a cascade.
            let next = try log.entry(sequence + 1).map { try Document(adopting: $0) }
            #expect(next?.root["agent"] == nil)
        }
        return seen.count
    }

    private func check(_ directory: DataDirectory) throws -> ViewCheck {
        let log = try EventLog.openReader(directory: directory.log)
        return try #require(try ViewCheck.run(directory, log, OpenLedger.secret(directory)))
    }

    @Test("have the rows that a fold gives, whatever was written when, also after crashes and when made again")
    func anyHistory() async throws {
        var random = SeededGenerator.announced()
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: ["order.yaml": TimeTests.rules])
        let before = folder.path + "/views-before"
        var sent = 0
        for round in 0..<4 {
            let every = UInt64(random.int(in: 1...150))
            try await OpenLedger.using(directory, flushesAt: random.int(in: 1...300), snapshotsEvery: every) { ledger in
                for _ in 0..<random.int(in: 1...4) {
                    let count = random.int(in: 1...80)
                    try await send(ledger, from: sent, count, &random)
                    sent += count
                }
            }
            #expect(try compareAll(directory) > 0)
            #expect(try check(directory).findings.isEmpty)
            // What a process leaves that was killed before it wrote the views again.
            if round % 2 == 1, FileManager.default.fileExists(atPath: before) {
                try FileManager.default.removeItem(atPath: directory.views)
                try FileManager.default.moveItem(atPath: before, toPath: directory.views)
            } else {
                try? FileManager.default.removeItem(atPath: before)
                try FileManager.default.copyItem(atPath: directory.views, toPath: before)
            }
        }
        try FileManager.default.removeItem(atPath: directory.views)
        try await OpenLedger.using(directory, flushesAt: 100, snapshotsEvery: 50) { _ in }
        #expect(try compareAll(directory) > 5)
        #expect(try check(directory).findings.isEmpty)
    }

    @Test("are not of a row that a process noted and then died")
    func died() async throws {
        var random = SeededGenerator(seed: 5)
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: ["order.yaml": TimeTests.rules])
        try await OpenLedger.using(directory, flushesAt: 40, snapshotsEvery: 30) { ledger in
            for round in 0..<6 { try await send(ledger, from: round * 40, 40, &random) }
        }
        // All but the last transaction: the marks are there no more, the records are.
        try Self.change(directory) { environment in
            let marks = try environment.table("marks", keys: .integer)
            var cursor = try environment.read().cursor(marks)
            let last = try #require(try cursor.last()?.integerKey)
            let write = try environment.write()
            try write.delete(marks, last)
            try write.commit()
        }
        #expect(try compareAll(directory) > 0)
    }

    @Test("that somebody changed are found by `views check`, and a start goes on with them")
    func changed() async throws {
        var random = SeededGenerator(seed: 6)
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: ["order.yaml": TimeTests.rules])
        try await OpenLedger.using(directory, flushesAt: 40, snapshotsEvery: 30) { ledger in
            for round in 0..<6 { try await send(ledger, from: round * 40, 40, &random) }
        }
        try Self.change(directory) { environment in
            let was = try environment.table("was")
            var cursor = try environment.read().cursor(was)
            let key = try #require(try cursor.first().map { Array($0.key) })
            let write = try environment.write()
            try write.put(was, key, [1, 2, 3])
            try write.commit()
        }
        #expect(try check(directory).findings == [.table("was")])
        try await OpenLedger.using(directory, snapshotsEvery: 30) { ledger in
            try await send(ledger, from: 240, 40, &random)
        }
        #expect(try check(directory).findings == [.table("was")])
    }

    private static func change(_ directory: DataDirectory, _ body: (Environment) throws -> Void) throws {
        var options = Environment.Options()
        options.maxTables = 128
        options.mapSize = 1 << 30
        try body(try Environment(path: directory.views, options: options))
    }
}
