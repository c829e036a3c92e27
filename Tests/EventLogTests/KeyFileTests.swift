import EventLog
import Foundation
import Sodium
import TestSupport
import Testing
import TransparencyLog

@Suite("signing key files")
struct KeyFileTests {
    let scratch: ScratchLog
    let file: KeyFile
    let key: SigningKey
    let cheap = Passphrase.Cost(operations: 1, memoryBytes: 8192)

    init() throws {
        scratch = try ScratchLog()
        file = KeyFile(path: scratch.path + "/key")
        key = SigningKey.generate()
    }

    func failure(_ passphrase: [UInt8]? = nil) -> KeyFileError? {
        do throws(KeyFileError) { _ = try file.signer(passphrase: passphrase) } catch { return error }
        return nil
    }

    @Test("a plain key is read back with its name, from a file of mode 0600")
    func plain() throws {
        try file.create(name: "log.example/a", key: key)
        #expect(try !file.isSealed())
        let signer = try file.signer()
        #expect(signer.verifierKey.name == "log.example/a")
        #expect(signer.verifierKey.publicKey == key.publicKey)
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["key"])
    }

    @Test("a file is never overwritten")
    func exists() throws {
        try file.create(name: "log.example/a", key: key)
        #expect(throws: KeyFileError.file(operation: "create", path: file.path, code: EEXIST)) {
            try file.create(name: "log.example/a", key: SigningKey.generate())
        }
        #expect(try file.signer().verifierKey.publicKey == key.publicKey)
    }

    @Test(
        "a file that others have access to is refused with what to do", arguments: [0o644, 0o640, 0o440, 0o710, 0o602])
    func mode(_ mode: Int) throws {
        try file.create(name: "log.example/a", key: key)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        #expect(failure() == .mode(path: file.path, found: "0" + String(mode, radix: 8)))
        #expect(failure()?.description.hasSuffix("run `chmod 600 \(file.path)`") == true)
    }

    @Test("the owner's own access is the owner's business", arguments: [0o400, 0o600, 0o700])
    func ownMode(_ mode: Int) throws {
        try file.create(name: "log.example/a", key: key)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        #expect(try file.signer().verifierKey.publicKey == key.publicKey)
    }

    @Test("a sealed key opens with its passphrase only, and the seed is not in the file")
    func sealed() throws {
        try file.create(name: "log.example/a", key: key, passphrase: Array("open sesame".utf8), cost: cheap)
        #expect(try file.isSealed())
        #expect(failure() == .needsPassphrase(path: file.path))
        #expect(failure(Array("open".utf8)) == .wrongPassphrase(path: file.path))
        #expect(try file.signer(passphrase: Array("open sesame".utf8)).verifierKey.publicKey == key.publicKey)
        let text = try String(contentsOfFile: file.path, encoding: .utf8)
        #expect(!text.contains(Base64.encode(key.seed).prefix(20)))
    }

    @Test(
        "a file that is not a key, or not there, is refused",
        arguments: [
            "", "\n", "docket-signing-key/v1\nname\n", "docket-signing-key/v1\nname\nseed AAAA\n",
            "docket-signing-key/v2\nname\nseed AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
            "docket-signing-key/v1\na name\nseed AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
            "docket-signing-key/v1\nname\nseed AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "docket-signing-key/v1\nname\nseed AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
        ])
    func malformed(_ text: String) throws {
        #expect(failure() == .file(operation: "open", path: file.path, code: ENOENT))
        _ = FileManager.default.createFile(
            atPath: file.path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        guard case .malformed(path: file.path, why: _) = failure() else {
            Issue.record("\(String(describing: failure()))")
            return
        }
    }
}

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

    /// The log's signer; the name in its key file is the origin.
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
