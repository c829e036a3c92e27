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
