import Foundation
import Sodium
import TestSupport
import Testing
import TransparencyLog

@Suite("signed note vectors")
struct NoteVectorTests {
    struct Case: Decodable {
        let name, noteBase64: String
        let vkeys: [String]
        let expect: String
        let verifiedNames, unverifiedNames: [String]?
    }

    static func answer(_ note: [UInt8], _ keys: [VerifierKey]) -> (String, SignedNote.Verified?) {
        do throws(NoteError) {
            return ("ok", try SignedNote(note).verify(keys))
        } catch {
            switch error {
            case .malformed, .limit: return ("malformed", nil)
            case .invalidSignature: return ("invalid_signature", nil)
            case .ambiguousKey: return ("ambiguous_key", nil)
            case .noTrustedSignature: return ("no_verifiable_signatures", nil)
            case .otherOrigin: return ("origin", nil)
            }
        }
    }

    @Test("every note is verified or refused as it says")
    func notes() throws {
        for item in try Cases.read([Case].self, "signed-note/note_cases.json") ?? [] {
            let note = try #require(Data(base64Encoded: item.noteBase64))
            let keys = try item.vkeys.map { try VerifierKey($0) }
            let (answer, verified) = Self.answer([UInt8](note), keys)
            #expect(answer == item.expect, "\(item.name)")
            if let verified {
                #expect(verified.keys.map(\.name) == item.verifiedNames, "\(item.name)")
                #expect(verified.unknown.map(\.name) == item.unverifiedNames, "\(item.name)")
            }
        }
    }

    struct KeyCase: Decodable {
        let vkey: String?
        let valid: Bool?
    }

    @Test("every verifier key is read or refused as it says, and written back the same")
    func keys() throws {
        for item in try Cases.read([KeyCase].self, "signed-note/vkey_cases.json") ?? [] {
            guard let text = item.vkey else { continue }
            let key = try? VerifierKey(text)
            #expect((key != nil) == item.valid, "\(text)")
            if let key { #expect(key.description == text) }
        }
    }

    @Test("no part of a verifier key and no key with one byte raised is a key")
    func brokenKeys() throws {
        guard let text = try Cases.read([KeyCase].self, "signed-note/vkey_cases.json")?.first?.vkey else { return }
        let bytes = Array(text.utf8)
        for start in 0...bytes.count {
            for end in start...bytes.count where end - start < bytes.count {
                #expect((try? VerifierKey(String(decoding: bytes[start..<end], as: UTF8.self))) == nil)
            }
        }
        for i in bytes.indices {
            var raised = bytes
            raised[i] &+= 1
            #expect((try? VerifierKey(String(decoding: raised, as: UTF8.self))) == nil, "byte \(i)")
        }
    }

    struct PublishedKeys: Decodable { let skeys: [String] }

    @Test("a published test key signs the notes that it is known to have signed")
    func signer() throws {
        guard let keys = try Cases.read(PublishedKeys.self, "signed-note/public_test_keys.json")?.skeys else { return }
        let notes = (try Cases.read([Case].self, "signed-note/note_cases.json") ?? []).filter { $0.expect == "ok" }
            .compactMap { Data(base64Encoded: $0.noteBase64).map { [UInt8]($0) } }
        var compared = 0
        for text in keys {
            let parts = text.split(separator: "+", maxSplits: 4).map(String.init)
            let secret = try #require(Base64.decodeStrict(parts[4]))
            let signer = try NoteSigner(name: parts[2], key: try SigningKey(seed: Array(secret.dropFirst())))
            #expect(signer.verifierKey.description.hasPrefix("\(parts[2])+\(parts[3])+"))
            for note in notes {
                let read = try SignedNote(note)
                guard let known = read.signatures.first(where: { $0.name == parts[2] }) else { continue }
                let signed = try SignedNote(signer.sign(read.text))
                #expect(signed.signatures == [known])
                compared += 1
            }
            #expect(Self.answer(signer.sign(Array("text\n".utf8)), [signer.verifierKey]).0 == "ok")
        }
        #expect(compared > 0)
    }
}

@Suite("checkpoint vectors")
struct CheckpointVectorTests {
    struct File: Decodable {
        struct Case: Decodable {
            let desc, text: String
            let accept, strictC2spAccepts: Bool?
        }
        let cases: [Case]
    }

    @Test("every checkpoint text is read or refused as it says")
    func texts() throws {
        for path in Vectors.files(in: "checkpoint", suffix: ".json") {
            let file = try Cases.decoder.decode(File.self, from: Data(try Cases.file(path)))
            for item in file.cases {
                let checkpoint = try? Checkpoint(text: Array(item.text.utf8))
                let expected = item.accept ?? (item.strictC2spAccepts == true)
                #expect((checkpoint != nil) == expected, "\(item.desc)")
                if let checkpoint { #expect(checkpoint.text == Array(item.text.utf8)) }
            }
        }
    }

    @Test("the example of the specification parses")
    func example() throws {
        for path in Vectors.files(in: "checkpoint", suffix: ".txt") {
            let note = try SignedNote(try Cases.file(path))
            #expect(try Checkpoint(text: note.text).text == note.text)
            #expect(note.signatures.count >= 1)
        }
    }

    struct Keys: Decodable { let verifierKeys: [String] }

    @Test("every cosigned checkpoint verifies with its witness's key, and other lines stay unknown")
    func cosignatures() throws {
        guard let root = Vectors.directory("cosignature") else { return }
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        let notes = names.filter { $0.hasSuffix("/checkpoint") }
        #expect(!notes.isEmpty)
        for name in notes {
            let witness = URL(fileURLWithPath: root + "/" + name).deletingLastPathComponent()
                .deletingLastPathComponent()
            let config = try FileManager.default.contentsOfDirectory(atPath: witness.path).first {
                $0.hasSuffix(".v0.json")
            }
            let file = witness.appendingPathComponent(try #require(config))
            let keys = try Cases.decoder.decode(Keys.self, from: Data(contentsOf: file)).verifierKeys
                .map { try VerifierKey($0) }
            let note = try SignedNote(try Cases.file(root + "/" + name))
            let verified = try note.verify(keys)
            #expect(verified.keys == keys, "\(name)")
            #expect(verified.unknown.count == note.signatures.count - keys.count)
            for key in keys {
                #expect(key.kind == .cosignature)
                #expect(verified.times[key] == 1_767_139_200)
            }
        }
    }
}

/// Reads the JSON files of test data.
enum Cases {
    static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }

    static func read<T: Decodable>(_ type: T.Type, _ name: String) throws -> T? {
        guard let file = Vectors.file(name) else { return nil }
        return try Cases.decoder.decode(type, from: Data(file))
    }

    static func file(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    static func hex(_ text: String) -> [UInt8] {
        let digits = Array(text.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16) ?? 0
        }
    }

    /// The verifier keys of a list, one per line; lines that start with `#` are comments.
    static func lines(_ text: [UInt8]) -> [String] {
        String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }
}
