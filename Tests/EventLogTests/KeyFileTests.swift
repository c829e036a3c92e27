import EventLog
import Foundation
import Sodium
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
