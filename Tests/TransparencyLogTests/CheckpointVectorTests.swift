import Foundation
import TestSupport
import Testing
import TransparencyLog

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
