import Audit
import EventLog
import Foundation
import LMDB
import Testing
import TransparencyLog

@Suite("verifying what was signed")
struct VerifySignedTests {
    let sample: VerifySample

    init() throws { sample = try VerifySample() }

    func run(_ lines: [[UInt8]], _ note: [UInt8]?, since: [UInt8]? = nil, tail: [UInt8] = []) async throws
        -> VerifyResult
    {
        let path = try sample.writeExport(lines, note: note, tail: tail)
        return try await sample.verifier(since: since).run(.export(path: path, checkpoint: nil))
    }

    // Signed by the operator, and wrong

    @Test("a wrong previous hash that was signed fails at its entry", arguments: ["export", "log", "tiles"])
    func signedLink(_ kind: String) async throws {
        sample.lines = VerifySample.chain(600) { i, previous in
            i == 300 ? VerifySample.entry(i, after: Hash256()) : nil
        }
        sample.note = VerifySample.sign(sample.lines, sample.signer)
        let result = try await sample.verifier().run(try sample.input(kind, sample.lines))
        #expect(result.reason == .chain)
        #expect(result.bad.map(\.sequence) == [300])
        #expect(result.bad[0].what == "previoushash")
        #expect(result.bad[0].expected == leafHash(sample.lines[299]).base64)
        #expect(result.bad[0].found == Hash256().base64)
        if kind == "log" { #expect(result.lastGood == 300) }
    }

    @Test("a first entry that does not carry the origin's hash fails")
    func genesis() async throws {
        let lines = VerifySample.chain(10) { i, _ in i == 0 ? VerifySample.entry(0, after: Hash256()) : nil }
        let result = try await run(lines, VerifySample.sign(lines, sample.signer))
        #expect(result.reason == .chain)
        #expect(result.bad.map(\.sequence) == [0])
        #expect(result.bad[0].expected == genesisHash(origin: VerifySample.origin).base64)
    }

    @Test("a recorded time that goes back fails though it was signed")
    func time() async throws {
        let lines = VerifySample.chain(10) { i, previous in
            i == 5 ? VerifySample.entry(5, after: previous, time: VerifySample.time(3)) : nil
        }
        let result = try await run(lines, VerifySample.sign(lines, sample.signer))
        #expect(result.reason == .order)
        #expect(result.bad.map(\.sequence) == [5])
        #expect(result.bad[0].found == VerifySample.time(3))
    }

    @Test("a wrong sequence fails though it was signed")
    func sequence() async throws {
        let lines = VerifySample.chain(10) { i, previous in
            i == 5 ? VerifySample.entry(5, after: previous, sequence: 7) : nil
        }
        let result = try await run(lines, VerifySample.sign(lines, sample.signer))
        #expect(result.reason == .order)
        #expect(result.bad.map(\.sequence) == [5])
    }

    @Test("two entries with one source and id are both named", arguments: ["export", "log", "tiles"])
    func duplicate(_ kind: String) async throws {
        sample.lines = VerifySample.chain(600) { i, previous in
            i == 500 ? VerifySample.entry(i, after: previous, id: "e-3") : nil
        }
        sample.note = VerifySample.sign(sample.lines, sample.signer)
        let result = try await sample.verifier().run(try sample.input(kind, sample.lines))
        #expect(result.reason == .duplicate)
        #expect(result.bad.map(\.sequence) == [3, 500])
        #expect(result.bad[0].found == "also entry 500: https://shop.example/orders e-3")
    }

    @Test("an entry above 65,535 bytes fails")
    func long() async throws {
        let lines = VerifySample.chain(10) { i, previous in
            let text = String(repeating: "x", count: i == 4 ? 65_535 : i == 5 ? 300_000 : i == 6 ? 3_000_000 : 1)
            return VerifySample.entry(i, after: previous, data: "\"\(text)\"")
        }
        let result = try await run(lines, VerifySample.sign(lines, sample.signer))
        #expect(result.reason == .form)
        #expect(result.bad.filter { $0.what == "length" }.map(\.sequence) == [4, 5, 6])
    }

    // The newest checkpoint

    @Test("everything recomputed but not signed again fails by its signature")
    func recomputed() async throws {
        let lines = VerifySample.chain(600) { i, previous in
            i == 300 ? VerifySample.entry(i, after: previous, id: "forged") : nil
        }
        let text = Checkpoint(origin: VerifySample.origin, size: 600, root: VerifySample.root(lines)).text
        let forged = text + sample.note[sample.note.firstRange(of: Array("\n— ".utf8))!.lowerBound...]
        let result = try await run(lines, forged)
        #expect(result.verdict == .fail)
        #expect(result.reason == .signature)
        #expect(result.bad[0].found == "invalid signature")
        #expect(result.size == nil)
        #expect(result.lastGood == nil)
    }

    @Test("everything signed again by another key of the same name fails: no trusted signature")
    func otherKey() async throws {
        let result = try await run(sample.lines, VerifySample.sign(sample.lines, try VerifySample.signer(seed: 8)))
        #expect(result.reason == .signature)
        #expect(result.bad[0].found == "no trusted signature")
    }

    @Test("another log's checkpoint fails by its origin")
    func origin() async throws {
        let result = try await run(
            sample.lines, VerifySample.sign(sample.lines, sample.signer, origin: "log.example/other"))
        #expect(result.reason == .origin)
        #expect(result.bad[0].expected == VerifySample.origin)
        #expect(result.bad[0].found == "log.example/other")
    }

    @Test(
        "a checkpoint in another form fails as malformed",
        arguments: [
            ("\n600\n", "\n+600\n"), ("\n600\n", "\n0600\n"), ("\n", "\r\n"), ("\n\n", "\next\n\n"), ("=\n", "\n"),
        ])
    func malformed(_ edit: (String, String)) async throws {
        let note = Array(String(decoding: sample.note, as: UTF8.self).replacing(edit.0, with: edit.1).utf8)
        let result = try await run(sample.lines, note)
        #expect(result.verdict == .fail)
        #expect(result.reason == .malformed)
    }

    @Test("a checkpoint without its last line feed or with a byte order mark is refused")
    func edges() async throws {
        #expect(try await run(sample.lines, Array(sample.note.dropLast())).reason == .malformed)
        #expect(try await run(sample.lines, [0xEF, 0xBB, 0xBF] + sample.note).reason == .origin)
    }

    @Test("a huge checkpoint fails by a limit")
    func huge() async throws {
        let result = try await run(sample.lines, sample.note + [UInt8](repeating: 0x61, count: 2_000_000))
        #expect(result.verdict == .fail)
        #expect(result.reason == .limit)
    }

    // Incomplete

    @Test("no checkpoint, entries after it, and bytes after the last line are incomplete")
    func incomplete() async throws {
        let none = try await run(sample.lines, nil)
        #expect(none.verdict == .incomplete)
        #expect(none.reason == .checkpoint)
        let note = VerifySample.sign(sample.lines, sample.signer, size: 500)
        let uncovered = try await run(sample.lines, note)
        #expect(uncovered.verdict == .incomplete)
        #expect(uncovered.reason == .uncovered)
        #expect(uncovered.lastGood == 500)
        for tail in [Array("{\"authid\"".utf8), sample.lines[0]] {
            let torn = try await run(sample.lines, sample.note, tail: tail)
            #expect(torn.verdict == .incomplete)
            #expect(torn.reason == .torn)
            #expect(torn.bad.isEmpty)
        }
        let cut = try await run(Array(sample.lines.dropLast()), sample.note, tail: Array(sample.lines[599].dropLast(3)))
        #expect(cut.verdict == .incomplete)
        #expect(cut.reason == .torn)
        #expect(cut.entries == 599)
    }

    // Seen before

    @Test("a log that continues what was seen is OK, and one that is shorter is stale")
    func stale() async throws {
        let old = VerifySample.sign(sample.lines, sample.signer, size: 500)
        #expect(try await run(sample.lines, sample.note, since: old).verdict == .ok)
        #expect(try await run(sample.lines, sample.note, since: sample.note).verdict == .ok)
        let result = try await run(Array(sample.lines.prefix(500)), old, since: sample.note)
        #expect(result.verdict == .stale)
        #expect(result.reason == .stale)
        #expect(result.verdict.exitCode == 3)
        #expect(result.lastGood == 500)
    }

    @Test("entries behind the newest checkpoint that are not those seen before fail")
    func seenBehind() async throws {
        let other = VerifySample.chain(600) { i, previous in
            i == 550 ? VerifySample.entry(i, after: previous, id: "other") : nil
        }
        let note = VerifySample.sign(sample.lines, sample.signer, size: 500)
        let result = try await run(sample.lines, note, since: VerifySample.sign(other, sample.signer))
        #expect(result.verdict == .fail)
        #expect(result.bad.map(\.what) == ["root seen before"])
        #expect(result.lastGood == 500)
    }

    @Test("two signed checkpoints of one size with other roots are a fork, with both notes")
    func forkOfOneSize() async throws {
        let other = VerifySample.chain(600) { i, previous in
            i == 599 ? VerifySample.entry(i, after: previous, id: "other") : nil
        }
        let seen = VerifySample.sign(other, sample.signer)
        let result = try await run(sample.lines, sample.note, since: seen)
        #expect(result.verdict == .fork)
        #expect(result.verdict.exitCode == 1)
        #expect(result.notes == [seen, sample.note])
        #expect(result.bad[0].expected == VerifySample.root(other).base64)
        #expect(result.bad[0].found == VerifySample.root(sample.lines).base64)
    }

    @Test("an old snapshot that other entries follow is a fork from what was seen")
    func forkOfSizes() async throws {
        let other = VerifySample.chain(550) { i, previous in
            i >= 500 ? VerifySample.entry(i, after: previous, id: "other-\(i)") : nil
        }
        let seen = VerifySample.sign(other, sample.signer)
        let result = try await run(sample.lines, sample.note, since: seen)
        #expect(result.verdict == .fork)
        #expect(result.notes == [seen, sample.note])
        #expect(result.bad[0].found == VerifySample.root(Array(sample.lines.prefix(550))).base64)
    }

    @Test("a checkpoint seen before that the key did not sign cannot be checked against")
    func badSince() async throws {
        let seen = VerifySample.sign(sample.lines, try VerifySample.signer(seed: 8))
        await #expect(throws: VerifyError.since("no trusted signature")) {
            try await run(sample.lines, sample.note, since: seen)
        }
    }

    // Commits

    @Test("a commit's checkpoint that contradicts a later one is a fork, with both notes")
    func commitFork() async throws {
        let path = try sample.writeLog(sample.lines)
        let bad = sample.signer.sign(Checkpoint(origin: VerifySample.origin, size: 300, root: Hash256()).text)
        try sample.change("commits") { write, table in try bad.withUnsafeBytes { try write.put(table, 300, $0) } }
        let result = try await sample.verifier().run(.log(directory: path))
        #expect(result.verdict == .fork)
        #expect(result.notes == [bad, sample.note])
    }

    @Test("a commit's checkpoint that another key signed, or under another size, fails")
    func badCommit() async throws {
        let path = try sample.writeLog(sample.lines)
        let bad = VerifySample.sign(sample.lines, try VerifySample.signer(seed: 8), size: 300)
        try sample.change("commits") { write, table in try bad.withUnsafeBytes { try write.put(table, 300, $0) } }
        let result = try await sample.verifier().run(.log(directory: path))
        #expect(result.verdict == .fail)
        #expect(result.reason == .signature)
        #expect(result.bad.map(\.what) == ["checkpoint of 300 entries"])
        let moved = VerifySample.sign(sample.lines, sample.signer, size: 200)
        try sample.change("commits") { write, table in try moved.withUnsafeBytes { try write.put(table, 300, $0) } }
        #expect(try await sample.verifier().run(.log(directory: path)).reason == .malformed)
    }

    @Test("tail and checkpoints removed is stale against what was seen, and consistent without it")
    func rolledBack() async throws {
        let path = try sample.writeLog(sample.lines)
        try sample.change("entries") { write, table in for key in 500..<600 { try write.delete(table, UInt64(key)) } }
        try sample.change("commits") { try $0.delete($1, 600) }
        // Tiles that are left show that there was a tail; what was seen says so anyway.
        #expect(try await sample.verifier(since: sample.note).run(.log(directory: path)).verdict == .stale)
        let left = try await sample.verifier().run(.log(directory: path))
        #expect(left.reason == .tiles)
        #expect(left.bad.map(\.what) == ["key in `tiles`", "tile 1/0", "tile 0/1"])
        try sample.change("tiles") { write, table in
            let key: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 1]
            try write.put(table, key, Array(try write.get(table, key)?.prefix(244 * 32) ?? []))
            try write.delete(table, [0, 0, 0, 0, 0, 0, 0, 0, 2])
            try write.put(
                table, [1] + [UInt8](repeating: 0, count: 8),
                Array(
                    try write.get(table, [1] + [UInt8](repeating: 0, count: 8))?.prefix(32) ?? []))
        }
        #expect(try await sample.verifier(since: sample.note).run(.log(directory: path)).verdict == .stale)
        let alone = try await sample.verifier().run(.log(directory: path))
        #expect(alone.verdict == .ok)
        #expect(alone.size == 500)
    }

    @Test("a stored tile that is not the entries' fails as a tile, at every level", arguments: [0, 1, 2])
    func tiles(_ level: Int) async throws {
        let count = level == 2 ? 66_000 : 600
        let sample = try VerifySample(count: count)
        let path = try sample.writeLog(sample.lines, perCommit: 10_000)
        try sample.change("tiles") { write, table in
            try write.put(table, [UInt8(level), 0, 0, 0, 0, 0, 0, 0, 0], [UInt8](repeating: 1, count: 32))
        }
        let result = try await sample.verifier().run(.log(directory: path))
        #expect(result.verdict == .fail)
        #expect(result.reason == .tiles)
        #expect(result.bad.first?.sequence == 0)
        #expect(result.bad.first?.what == "tile \(level)/0")
    }

    // Running at all

    @Test("a path that is no log is said to be none, and every kind of log is recognised")
    func detect() async throws {
        #expect(throws: VerifyError.self) { try VerifyInput.detect(sample.path) }
        #expect(throws: VerifyError.self) { try VerifyInput.detect(sample.path + "/none") }
        let export = try sample.writeExport(sample.lines, note: sample.note)
        let log = try sample.writeLog(sample.lines), tiles = try sample.writeTiles(sample.lines)
        #expect(try VerifyInput.detect(export) == .export(path: export, checkpoint: nil))
        #expect(try VerifyInput.detect(log) == .log(directory: log))
        #expect(try VerifyInput.detect(sample.path) == .log(directory: log))
        #expect(try VerifyInput.detect(tiles) == .tiles(directory: tiles))
        try sample.change("meta") { try $0.put($1, Array("format".utf8), Array("2".utf8)) }
        await #expect(throws: VerifyError.notALog(path: log, why: "log format `2`, not `1`")) {
            try await sample.verifier().run(.log(directory: log))
        }
    }

    @Test("a log is verified beside its running writer")
    func besideWriter() async throws {
        let path = try sample.writeLog(sample.lines)
        let writer = try EventLog.openWriter(directory: path, signer: sample.signer, mapSize: 1 << 30)
        #expect(try await sample.verifier().run(.log(directory: path)).verdict == .ok)
        withExtendedLifetime(writer) {}
    }

    @Test("the JSON has the fields of the format page")
    func json() async throws {
        var lines = sample.lines
        lines[300] = edited(lines[300], "1999", "2999")
        let text = try await run(lines, sample.note).json
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(
            object.keys.sorted() == [
                "bad", "entries", "lastGood", "notes", "reason", "signatures", "size", "touched", "verdict",
            ])
        #expect(object["verdict"] as? String == "FAIL")
        #expect(object["lastGood"] is NSNull)
        let bad = try #require(object["bad"] as? [[String: Any]])
        #expect(bad[0].keys.sorted() == ["expected", "found", "sequence", "what"])
        #expect(bad[0]["sequence"] as? Int == 300)
    }
}
