import Audit
import EventLog
import LMDB
import Testing
import TransparencyLog

@Suite("verifying what lies in a log's tables")
struct VerifyTableTests {
    let sample: VerifySample
    let path: String

    init() throws {
        sample = try VerifySample()
        path = try sample.writeLog(sample.lines)
    }

    func run() async throws -> VerifyResult { try await sample.verifier().run(.log(directory: path)) }

    static func tileKey(_ level: UInt8, _ index: UInt8) -> [UInt8] { [level, 0, 0, 0, 0, 0, 0, 0, index] }

    func tile(_ level: UInt8, _ index: UInt8, _ change: ([UInt8]) -> [UInt8]?) throws {
        try sample.change("tiles") { write, table in
            let key = Self.tileKey(level, index)
            if let changed = change(try write.get(table, key) ?? []) {
                try write.put(table, key, changed)
            } else {
                try write.delete(table, key)
            }
        }
    }

    // Entries

    @Test("keys that are all moved up by one fail at every entry", arguments: [1, 1 << 40, 1 << 63] as [UInt64])
    func moved(_ by: UInt64) async throws {
        try sample.change("entries") { write, table in
            try write.removeAll(table)
            for (i, line) in sample.lines.enumerated() {
                try line.withUnsafeBytes { try write.put(table, UInt64(i) + by, $0) }
            }
        }
        let result = try await run()
        #expect(result.verdict == .fail)
        #expect(result.reason == .order)
        #expect(result.bad.map(\.sequence) == (0..<600).map { $0 })
        #expect(result.bad[7].what == "key")
        #expect(result.bad[7].found == "\(7 + by)")
    }

    @Test("the last entry under a key far away fails there")
    func far() async throws {
        try sample.change("entries") { write, table in
            try write.delete(table, 599)
            try sample.lines[599].withUnsafeBytes { try write.put(table, 1 << 63, $0) }
        }
        let result = try await run()
        #expect(result.bad.map(\.what) == ["key"])
        #expect(result.bad.map(\.sequence) == [599])
    }

    @Test("an entry more under a key far away is not covered, and is named", arguments: [600, 1 << 63] as [UInt64])
    func added(_ key: UInt64) async throws {
        let next = VerifySample.entry(600, after: leafHash(sample.lines[599]))
        try sample.change("entries") { write, table in try next.withUnsafeBytes { try write.put(table, key, $0) } }
        let result = try await run()
        #expect(result.verdict == (key == 600 ? .incomplete : .fail))
        #expect(result.bad.map(\.sequence) == (key == 600 ? [] : [600]))
        #expect(result.lastGood == 600)
    }

    // Commits

    @Test("a note under key 0 fails")
    func commitZero() async throws {
        try sample.change("commits") { write, table in
            try sample.note.withUnsafeBytes { try write.put(table, 0, $0) }
        }
        let result = try await run()
        #expect(result.verdict == .fail)
        #expect(result.reason == .layout)
        #expect(result.bad.map(\.what) == ["checkpoint of 0 entries"])
        #expect(result.lastGood == 600)
    }

    @Test("a note under a key far beyond the entries fails, and the newest checkpoint is found all the same")
    func commitFar() async throws {
        try sample.change("commits") { write, table in
            try sample.note.withUnsafeBytes { try write.put(table, 1 << 63, $0) }
        }
        let result = try await run()
        #expect(result.verdict == .fail)
        #expect(result.reason == .malformed)
        #expect(result.bad.map(\.what) == ["checkpoint of 9223372036854775808 entries"])
        #expect(result.size == 600)
    }

    @Test("a signed checkpoint of more entries than there are: truncated")
    func commitAhead() async throws {
        let ahead = sample.signer.sign(Checkpoint(origin: VerifySample.origin, size: 1 << 63, root: Hash256()).text)
        try sample.change("commits") { write, table in try ahead.withUnsafeBytes { try write.put(table, 1 << 63, $0) } }
        let result = try await run()
        #expect(result.reason == .truncated)
        #expect(result.lastGood == 600)
    }

    @Test("a commit under a key of four bytes, or a table of such keys, is damage", arguments: [true, false])
    func commitKeys(_ isMixed: Bool) async throws {
        try sample.change("commits") { write, table in
            if !isMixed { try write.removeAll(table) }
            try write.put(table, [1, 0, 0, 0], sample.note)
        }
        let result = try await run()
        #expect(result.verdict == .fail)
        #expect(result.reason == .damaged)
    }

    @Test("a commit's note in other bytes fails as malformed")
    func commitForm() async throws {
        let note = sample.note
        try sample.change("commits") { write, table in
            try (note.dropLast() + [0x0D, 0x0A]).withUnsafeBytes { try write.put(table, 600, $0) }
        }
        let result = try await run()
        #expect(result.verdict == .fail)
        #expect(result.bad.first?.what == "checkpoint of 600 entries")
        #expect(result.lastGood == 500)
    }

    // Tiles

    @Test("a tile a byte or a hash too long fails at its entries", arguments: [1, 32, 33], [(0, 0), (0, 2), (1, 0)])
    func longTile(_ bytes: Int, _ place: (UInt8, UInt8)) async throws {
        try tile(place.0, place.1) { $0 + [UInt8](repeating: 7, count: bytes) }
        let result = try await run()
        #expect(result.verdict == .fail)
        #expect(result.reason == .tiles)
        #expect(result.bad.map(\.what) == ["tile \(place.0)/\(place.1)"])
        #expect(result.bad.map(\.sequence) == [UInt64(place.1) * 256])
        #expect(result.lastGood == nil || result.lastGood == 500)
    }

    @Test("a full tile that is short or missing fails; the last of a level, which grows, may be")
    func shortTile() async throws {
        try tile(0, 2) { Array($0.prefix(32)) }
        #expect(try await run().verdict == .ok)
        try tile(0, 2) { _ in nil }
        try tile(1, 0) { _ in nil }
        #expect(try await run().verdict == .ok)
        try tile(0, 1) { Array($0.dropLast(32)) }
        let short = try await run()
        #expect(short.bad.map(\.what) == ["tile 0/1"])
        #expect(short.bad.map(\.sequence) == [511])
        try tile(0, 0) { _ in nil }
        #expect(try await run().bad.count == 257)
    }

    @Test(
        "a tile of no such place fails",
        arguments: [[0, 0, 0, 0, 0, 0, 0, 0, 3], [8, 0, 0, 0, 0, 0, 0, 0, 0], [0, 1]])
    func strayTile(_ key: [UInt8]) async throws {
        try sample.change("tiles") { try $0.put($1, key, [UInt8](repeating: 7, count: 32)) }
        let result = try await run()
        #expect(result.reason == .layout)
        #expect(result.bad.map(\.what) == ["key in `tiles`"])
    }

    @Test("a damaged tile accuses itself and no other", arguments: [0, 1, 2] as [UInt8])
    func damagedTile(_ level: UInt8) async throws {
        let sample = try VerifySample(count: 132_000)
        let path = try sample.writeLog(sample.lines, perCommit: 20_000)
        let offset = level == 2 ? 1 : 5
        try sample.change("tiles") { write, table in
            var bytes = try #require(try write.get(table, Self.tileKey(level, 0)))
            bytes[offset * 32] ^= 1
            try write.put(table, Self.tileKey(level, 0), bytes)
        }
        let result = try await sample.verifier().run(.log(directory: path))
        #expect(result.bad.map(\.what) == ["tile \(level)/0"])
        #expect(result.bad.map(\.sequence) == [UInt64(offset) << UInt64(8 * level)])
    }

    // Other tables, other names

    @Test("other names and values in `meta` fail")
    func meta() async throws {
        for (name, value) in [("origin", "log.example/other"), ("verifierKey", "x"), ("note", "of mine")] {
            try sample.change("meta") { try $0.put($1, Array(name.utf8), Array(value.utf8)) }
            let result = try await run()
            #expect(result.verdict == .fail)
            #expect(result.reason == .layout)
            #expect(result.bad.last?.what == "`\(name)` in `meta`")
        }
        #expect(try await run().bad.map(\.found) == ["log.example/other", "x", "of mine"])
        try sample.change("meta") { write, table in try write.delete(table, Array("origin".utf8)) }
        #expect(try await run().bad.first?.found == "none")
    }

    @Test("a table that the format does not name fails")
    func table() async throws {
        do {
            let environment = try Environment(path: path)
            _ = try environment.table("secrets", create: true)
        }
        let result = try await run()
        #expect(result.verdict == .fail)
        #expect(result.bad.map(\.what) == ["table `secrets`"])
    }
}
