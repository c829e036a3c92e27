import Audit
import EventLog
import Foundation
import LMDB
import Sodium
import Testing
import TransparencyLog

/// A sound log of made-up entries in a folder of its own, for tests to change and verify.
final class VerifySample {
    static let origin = "log.example/sample"

    let path: String
    let signer: NoteSigner
    var lines: [[UInt8]]
    /// The newest checkpoint's note.
    var note: [UInt8]

    init(count: Int = 600) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("verify-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        signer = try Self.signer(seed: 7)
        lines = Self.chain(count)
        note = Self.sign(lines, signer)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static func signer(seed: UInt8, name: String = origin) throws -> NoteSigner {
        try NoteSigner(name: name, key: try SigningKey(seed: [UInt8](repeating: seed, count: 32)))
    }

    /// A time that increases by one second per entry.
    static func time(_ i: Int) -> String {
        func pad(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        return "2024-02-\(pad(15 + i / 86_400))T\(pad(i / 3600 % 24)):\(pad(i / 60 % 60)):\(pad(i % 60)).000Z"
    }

    /// An entry's canonical bytes.
    static func entry(
        _ i: Int, after previous: Hash256, id: String? = nil, sequence: Int? = nil, time: String? = nil,
        data: String = "{\"amount\":199900,\"note\":\"caf\u{E9} \\\"x\\\"\",\"rate\":0.025}"
    ) -> [UInt8] {
        let digits = String(sequence ?? i), padded = String(repeating: "0", count: 16 - digits.count) + digits
        return Array(
            """
            {"authid":"local","correlationid":"\(padded)","data":\(data),"datacontenttype":"application/json",\
            "id":"\(id ?? "e-\(i)")","previoushash":"\(previous.base64)","recordedtime":"\(time ?? Self.time(i))",\
            "sequence":"\(padded)","source":"https://shop.example/orders","specversion":"1.0","subject":"ORD-\(i)",\
            "type":"order.placed"}
            """.utf8)
    }

    /// A sound chain; `change` may replace an entry, and the chain continues from the replacement.
    static func chain(_ count: Int, _ change: (Int, Hash256) -> [UInt8]? = { _, _ in nil }) -> [[UInt8]] {
        var previous = genesisHash(origin: origin)
        return (0..<count).map { i in
            let line = change(i, previous) ?? entry(i, after: previous)
            previous = leafHash(line)
            return line
        }
    }

    static func root(_ lines: [[UInt8]]) -> Hash256 {
        var tree = TreeAppender()
        for line in lines { tree.append(leafHash(line)) { _, _, _ in } }
        return tree.root()
    }

    static func sign(_ lines: [[UInt8]], _ signer: NoteSigner, size: Int? = nil, origin: String = origin) -> [UInt8] {
        let size = size ?? lines.count
        return signer.sign(Checkpoint(origin: origin, size: UInt64(size), root: root(Array(lines.prefix(size)))).text)
    }

    func verifier(since: [UInt8]? = nil, receipts: [[UInt8]] = []) -> Verifier {
        Verifier(key: signer.verifierKey, since: since.map { [$0] } ?? [], receipts: receipts)
    }

    // Exports

    /// Writes lines and a checkpoint as an export; returns its path.
    func writeExport(_ lines: [[UInt8]], note: [UInt8]?, tail: [UInt8] = []) throws -> String {
        let file = path + "/log.ndjson"
        var bytes = Data()
        for line in lines { bytes.append(contentsOf: line + [0x0A]) }
        bytes.append(contentsOf: tail)
        try bytes.write(to: URL(fileURLWithPath: file))
        try? FileManager.default.removeItem(atPath: file + ".checkpoint")
        if let note { try Data(note).write(to: URL(fileURLWithPath: file + ".checkpoint")) }
        return file
    }

    // Logs

    /// Writes the sound log through the writer, in commits of `perCommit`, then replaces its entries by `lines`.
    func writeLog(_ lines: [[UInt8]], perCommit: Int = 100) throws -> String {
        let directory = path + "/log"
        try? FileManager.default.removeItem(atPath: directory)
        try EventLog.create(
            directory: directory, origin: Self.origin, verifierKey: signer.verifierKey, mapSize: 1 << 30)
        func fill() throws {
            let log = try EventLog.openWriter(directory: directory, signer: signer, mapSize: 1 << 30)
            for start in stride(from: 0, to: self.lines.count, by: perCommit) {
                let batch = CommitBuffer()
                for line in self.lines[start..<min(start + perCommit, self.lines.count)] {
                    batch.append(line, leafHash(line))
                }
                _ = try log.commit(batch)
            }
        }
        try fill()
        if lines != self.lines {
            try change("entries") { write, table in
                try write.removeAll(table)
                for (i, line) in lines.enumerated() {
                    try line.withUnsafeBytes { try write.put(table, UInt64(i), $0) }
                }
            }
        }
        return directory
    }

    /// Changes a table of the log behind the writer's back.
    func change(_ name: String, _ body: (borrowing WriteTransaction, NamedTable) throws -> Void) throws {
        let environment = try Environment(path: path + "/log")
        let table = try environment.table(name, keys: name == "tiles" || name == "meta" ? .bytes : .integer)
        let write = try environment.write()
        try body(write, table)
        try write.commit()
    }

    // Tiles

    /// Writes a tlog-tiles directory with the sound log's tiles and checkpoint and the entries of `lines`.
    func writeTiles(_ lines: [[UInt8]]) throws -> String {
        let directory = path + "/tiles"
        try? FileManager.default.removeItem(atPath: directory)
        var tree = TreeAppender()
        func put(_ tile: TilePath, _ bytes: [UInt8]) throws {
            let url = URL(fileURLWithPath: directory + "/" + tile.path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url)
        }
        func tile(_ level: Int, _ index: UInt64, _ hashes: [Hash256]) throws {
            try put(
                TilePath(.hashes(level: level), index: index, width: hashes.count), hashes.flatMap { $0.array })
        }
        for line in self.lines { try tree.append(leafHash(line), onFullTile: tile) }
        try tree.forEachPartialTile(grownSince: 0, tile)
        for start in stride(from: 0, to: lines.count, by: 256) {
            var bundle: [UInt8] = []
            let end = min(start + 256, lines.count)
            for line in lines[start..<end] { line.withUnsafeBytes { EntryBundle.append($0, to: &bundle) } }
            let full = start + 256 <= lines.count
            let width = full ? 256 : min(self.lines.count - start, 256)
            try put(TilePath(.entries, index: UInt64(start / 256), width: width), bundle)
        }
        try Data(note).write(to: URL(fileURLWithPath: directory + "/checkpoint"))
        return directory
    }

    /// The input of a kind, with these lines in place of the sound ones.
    func input(_ kind: String, _ lines: [[UInt8]]) throws -> VerifyInput {
        switch kind {
        case "log": .log(directory: try writeLog(lines))
        case "tiles": .tiles(directory: try writeTiles(lines))
        default: .export(path: try writeExport(lines, note: note), checkpoint: nil)
        }
    }
}

/// Replaces text in an entry.
func edited(_ line: [UInt8], _ old: String, _ new: String) -> [UInt8] {
    let text = String(decoding: line, as: UTF8.self)
    precondition(text.contains(old), "no `\(old)` in the entry")
    return Array(text.replacing(old, with: new, maxReplacements: 1).utf8)
}

/// An entry that carries 32 zero bytes as the hash of the one before.
func withoutLink(_ line: [UInt8]) -> [UInt8] {
    let name = Array("\"previoushash\":\"".utf8)
    let start = line.firstRange(of: name)!.upperBound
    return line[..<start] + Array(Hash256().base64.utf8) + line[(start + Hash256.base64Bytes)...]
}
