import EventLog
import Foundation
import Sodium
import TestSupport
import Testing
import TransparencyLog

@Suite("the published small log")
struct EntryVectorTests {
    struct Hashes: Decodable {
        let genesis: String
        let leaves: [String]
        let roots: [String: String]
    }

    let folder = Vectors.directory("entries")

    func file(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: (folder ?? "") + "/" + name)))
    }

    func lines() throws -> [[UInt8]] {
        try file("log.ndjson").dropLast().split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    }

    /// The log's signer, its key file's name being the origin.
    func signer() throws -> NoteSigner {
        let hex = String(decoding: try file("key.seed.hex").prefix(64), as: UTF8.self)
        let seed = stride(from: 0, to: 64, by: 2).map { i -> UInt8 in
            let start = hex.index(hex.startIndex, offsetBy: i)
            return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16) ?? 0
        }
        let vkey = String(decoding: try file("vkey").dropLast(), as: UTF8.self)
        let origin = String(vkey[..<(vkey.firstIndex(of: "+") ?? vkey.endIndex)])
        let signer = try NoteSigner(name: origin, key: try SigningKey(seed: seed))
        #expect(signer.verifierKey.description == vkey)
        return signer
    }

    @Test("its lines and key give its checkpoints, receipt, hashes and export, byte for byte")
    func reproduce() throws {
        guard folder != nil else { return }
        let signer = try signer(), scratch = try ScratchLog(), lines = try lines()
        let hashes = try JSONDecoder().decode(Hashes.self, from: Data(try file("hashes.json")))
        #expect(genesisHash(origin: signer.verifierKey.name).base64 == hashes.genesis)
        try EventLog.create(
            directory: scratch.directory, origin: signer.verifierKey.name, verifierKey: signer.verifierKey)
        let log = try EventLog.openWriter(directory: scratch.directory, signer: signer, mapSize: 1 << 30)
        for (range, name) in [(0..<3, "checkpoint-3"), (3..<lines.count, "log.ndjson.checkpoint")] {
            let batch = CommitBuffer()
            for line in lines[range] { batch.append(line, leafHash(line)) }
            #expect(Array(try log.commit(batch).utf8) == (try file(name)))
        }
        for (i, leaf) in hashes.leaves.enumerated() {
            #expect(try log.tile(level: 0, index: 0)[i].base64 == leaf)
        }
        for (size, root) in hashes.roots { #expect(try log.root(size: try #require(UInt64(size))).base64 == root) }
        #expect(Array(try log.receipt(4).utf8) == (try file("entry-4.tlog-proof")))
        let out = scratch.path + "/out.ndjson"
        #expect(try log.exportNDJSON(to: out) == UInt64(lines.count))
        #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: out))) == (try file("log.ndjson")))
        let checkpoint = try Data(contentsOf: URL(fileURLWithPath: out + ".checkpoint"))
        #expect([UInt8](checkpoint) == (try file("log.ndjson.checkpoint")))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == [
                "log", "out.ndjson", "out.ndjson.checkpoint",
            ])
    }
}
