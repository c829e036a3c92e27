import EventLog
import Foundation
import LMDB
import TestSupport
import Testing
import TransparencyLog

@Suite("a log whose file was changed")
struct DamageTests {
    let scratch: ScratchLog

    init() throws {
        scratch = try ScratchLog()
        try scratch.create()
    }

    func fill(_ count: UInt64, perCommit: UInt64 = .max) throws {
        let log = try scratch.writer()
        try ScratchLog.fill(log, count, perCommit: perCommit)
    }

    /// Changes tables without the log.
    func tamper(_ change: (borrowing WriteTransaction, _ entries: NamedTable, _ tiles: NamedTable) throws -> Void)
        throws
    {
        let environment = try Environment(path: scratch.directory)
        let entries = try environment.table("entries", keys: .integer)
        let tiles = try environment.table("tiles")
        let write = try environment.write()
        try change(write, entries, tiles)
        try write.commit()
    }

    func move(_ sequence: UInt64, to key: UInt64) throws {
        try tamper { write, entries, _ in
            try write.delete(entries, sequence)
            try ScratchLog.entry(sequence).withUnsafeBytes { try write.put(entries, key, $0) }
        }
    }

    func failure(_ body: (EventLog) throws -> Void) -> EventLogError? {
        do { try body(try EventLog.openReader(directory: scratch.directory)) } catch { return error as? EventLogError }
        return nil
    }

    @Test("an entry under another key is found by every way of reading", arguments: [0, 112, 255, 256, 299], [61, 9])
    func otherKey(_ sequence: UInt64, _ bit: UInt64) throws {
        try fill(300)
        try move(sequence, to: sequence + 1 << bit)
        let ways: [(String, (EventLog) throws -> Void)] = [
            ("scan", { log in try log.scan(from: 0) { _, _ in true } }),
            ("a part", { log in try log.scan(from: sequence) { _, _ in true } }),
            ("entry", { log in _ = try log.entry(sequence) }),
            ("export", { [scratch] log in try log.exportNDJSON(to: scratch.path + "/export") }),
            ("signed", { log in try log.scanSigned(from: 0) { _, _ in true } }),
        ]
        for (name, way) in ways {
            let error = failure(way)
            #expect(error?.isDamage == true, "\(name): \(String(describing: error))")
            #expect(error?.description.contains("entry") == true, "\(name)")
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
        #expect(left.allSatisfy { !$0.hasPrefix("export") }, "\(left)")
    }

    @Test("a scan gives each entry that was asked for, and no other", arguments: [1, 255, 256, 257, 600])
    func counts(_ size: UInt64) throws {
        var random = SeededGenerator.announced()
        try fill(size, perCommit: UInt64(random.int(in: 1...300)))
        let log = try EventLog.openReader(directory: scratch.directory)
        for _ in 0..<30 {
            let from = UInt64(random.int(in: 0...Int(size) + 2)), to = UInt64(random.int(in: 0...Int(size) + 2))
            var found: [UInt64] = []
            try log.scan(from: from, to: to) { sequence, bytes in
                #expect(Array(bytes) == ScratchLog.entry(sequence))
                found.append(sequence)
                return true
            }
            #expect(found == Array(from..<max(from, min(to, size))))
        }
        #expect(try log.entry(size) == nil)
    }

    @Test("a changed entry is found by its stored hash", arguments: [0, 100, 256, 511])
    func changed(_ sequence: UInt64) throws {
        try fill(600)
        let bytes = Array("another".utf8)
        try tamper { write, entries, _ in try bytes.withUnsafeBytes { try write.put(entries, sequence, $0) } }
        let expected = EventLogError.tampered(
            sequence: sequence, what: "leaf hash", expected: leafHash(ScratchLog.entry(sequence)).base64,
            found: leafHash(bytes).base64)
        #expect(failure { try $0.scan(from: 0) { _, _ in true } } == expected)
        #expect(failure { _ = try $0.entry(sequence) } == expected)
        #expect(failure { _ = try $0.entry(sequence + 1) } == nil)
    }

    @Test("an entry changed together with its hash, by someone without the key, is not taken for signed")
    func changedWithHash() throws {
        try fill(70_000, perCommit: 9_000)
        let sequence: UInt64 = 300, bytes = Array("another".utf8), changed = leafHash(bytes)
        let tile = try EventLog.openReader(directory: scratch.directory).tile(level: 0, index: sequence / 256)
        try tamper { write, entries, tiles in
            try bytes.withUnsafeBytes { try write.put(entries, sequence, $0) }
            var hashes = tile
            hashes[Int(sequence % 256)] = changed
            try write.put(
                tiles, [0, 0, 0, 0, 0, 0, 0, 0, 1], hashes.flatMap { Base64.decodeStrict($0.base64.utf8) ?? [] })
        }
        #expect(failure { try $0.scan(from: 0) { _, _ in true } } == nil)
        guard case .tampered(let place, _, _, _) = failure({ try $0.scanSigned(from: 0) { _, _ in true } }) else {
            Issue.record("taken for signed")
            return
        }
        #expect(sequence / 256 == place / 256)
        var count: UInt64 = 0
        let log = try EventLog.openReader(directory: scratch.directory)
        try log.scanSigned(from: 512) { _, _ in
            count += 1
            return true
        }
        #expect(count == 70_000 - 512)
    }

    @Test("an export replaces what a crash left, and follows no link")
    func exportLeftovers() throws {
        try fill(3)
        let target = scratch.path + "/export", other = scratch.path + "/other"
        try "precious".write(toFile: other, atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: target + ".partial", withDestinationPath: other)
        let log = try EventLog.openReader(directory: scratch.directory)
        #expect(try log.exportNDJSON(to: target) == 3)
        #expect(try String(contentsOfFile: other, encoding: .utf8) == "precious")
        #expect(throws: EventLogError.file(operation: "write", path: scratch.path, code: EISDIR)) {
            try log.exportNDJSON(to: scratch.path)
        }
        #expect(throws: EventLogError.file(operation: "write", path: "/dev/null", code: ENOTSUP)) {
            try log.exportNDJSON(to: "/dev/null")
        }
    }
}
