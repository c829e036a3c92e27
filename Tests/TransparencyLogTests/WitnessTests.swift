import Foundation
import Sodium
import TestSupport
import Testing
import TransparencyLog

@Suite("a witness")
struct WitnessTests {
    /// The requests to one witness in order, with the statuses that are expected.
    struct Session: Decodable {
        struct Step: Decodable {
            let name, requestBody, expectBodyContains: String
            let expectStatus: Int
        }
        let logVkey: String
        let steps: [Step]
    }

    static let signer = try! NoteSigner(
        name: "example.com/witness", key: SigningKey(seed: [UInt8](repeating: 9, count: 32)), kind: .cosignature)

    private static func status(_ witness: Witness, _ request: [UInt8], _ last: inout Checkpoint?) -> (Int, String) {
        do throws(Witness.Refusal) {
            let candidate = try witness.open(request)
            try witness.check(candidate, after: last)
            last = candidate.checkpoint
            return (200, String(decoding: witness.cosign(candidate, time: 1).line, as: UTF8.self))
        } catch {
            if case .conflict(let size, _) = error { return (error.status, "\(size)\n") }
            return (error.status, "\(error)")
        }
    }

    @Test("answers each step of a published session with its status")
    func session() throws {
        guard let session = try Cases.read(Session.self, "tlog-witness/add_checkpoint_session.json") else { return }
        let witness = try Witness(signer: Self.signer, logs: [VerifierKey(session.logVkey)])
        var last: Checkpoint?
        for step in session.steps {
            let (status, body) = Self.status(witness, Array(step.requestBody.utf8), &last)
            // Its signature is also not strict base64, which is refused before it is verified.
            let isLax = step.name == "invalid signature"
            #expect(status == (isLax ? 400 : step.expectStatus), "\(step.name): \(body)")
            #expect(isLax || body.contains(step.expectBodyContains), "\(step.name): \(body)")
            if status == 200 {
                let note = try #require(step.requestBody.range(of: "\n\n")).upperBound
                let signed = try SignedNote(Array((step.requestBody[note...] + body).utf8))
                let log = try VerifierKey(session.logVkey)
                #expect(try signed.cosigners(among: [Self.signer.verifierKey], log: log).count == 1)
            }
        }
        #expect(last?.size == 5)
    }

    @Test("keeps a line of each key, however often a note repeats it: what it keeps can be read again")
    func repeated() throws {
        let log = try NoteSigner(name: "example.com/log", key: SigningKey(seed: [UInt8](repeating: 3, count: 32)))
        let witness = try Witness(signer: Self.signer, logs: [log.verifierKey])
        let note = log.sign(Checkpoint(origin: "example.com/log", size: 3, root: emptyTreeHash).text)
        let line = try #require(SignedNote(note).signatures.first?.line)
        let repeated = note + Array(repeating: line, count: 90).flatMap { $0 }
        let candidate = try witness.open(
            ConsistencyRequest(oldSize: 0, proof: ConsistencyProof([]), checkpoint: repeated).text)
        #expect(candidate.note == note)
        #expect(try SignedNote(witness.cosign(candidate, time: 1).note).signatures.count == 2)
    }

    @Test("does not cosign what is too long to be kept with its own line")
    func tooLong() throws {
        let log = try NoteSigner(name: "example.com/log", key: SigningKey(seed: [UInt8](repeating: 3, count: 32)))
        let witness = try Witness(signer: Self.signer, logs: [log.verifierKey])
        let text = Checkpoint(origin: "example.com/log", size: 3, root: emptyTreeHash).text
        let room = SignedNote.bytesMax - log.sign(text).count - 2
        for (length, isTaken) in [(room, false), (room - 300, true)] {
            let note = log.sign(text + [UInt8](repeating: UInt8(ascii: "x"), count: length) + [UInt8(ascii: "\n")])
            let request = ConsistencyRequest(oldSize: 0, proof: ConsistencyProof([]), checkpoint: note)
            #expect(((try? witness.open(request.text)) != nil) == isTaken, "\(length)")
        }
    }

    struct Monkeys: Decodable {
        let vkey, oldCheckpoint, newCheckpoint: String
        let consistencyProofHex: [String]
    }

    @Test("takes a published proof, and refuses it with a hash less, one more or two swapped")
    func proofs() throws {
        guard let published = try Cases.read(Monkeys.self, "tlog-witness/monkeys_consistency_5_8.json") else { return }
        let witness = try Witness(signer: Self.signer, logs: [VerifierKey(published.vkey)])
        let hashes = try published.consistencyProofHex.map { try #require(Hash256(Cases.hex($0))) }
        func ask(_ old: UInt64, _ hashes: [Hash256], _ note: String, _ last: inout Checkpoint?) -> Int {
            let request = ConsistencyRequest(
                oldSize: old, proof: ConsistencyProof(hashes), checkpoint: Array(note.utf8))
            return Self.status(witness, request.text, &last).0
        }
        var last: Checkpoint?
        #expect(ask(0, [hashes[0]], published.oldCheckpoint, &last) == 422)
        #expect(ask(0, [], published.oldCheckpoint, &last) == 200)
        var swapped = hashes
        swapped.swapAt(1, 2)
        for bad in [Array(hashes.dropLast()), hashes + [hashes[0]], swapped, []] {
            #expect(ask(5, bad, published.newCheckpoint, &last) == 422)
            #expect(last?.size == 5)
        }
        #expect(ask(6, hashes, published.newCheckpoint, &last) == 409)
        #expect(ask(9, hashes, published.newCheckpoint, &last) == 400)
        #expect(ask(5, hashes, published.newCheckpoint, &last) == 200)
        #expect(ask(8, [], published.newCheckpoint, &last) == 200)
        #expect(ask(8, hashes, published.newCheckpoint, &last) == 422)
        #expect(ask(5, hashes, published.newCheckpoint, &last) == 409)
        #expect(ask(5, [], published.oldCheckpoint, &last) == 409)
    }

    @Test("tells a wrong signature, another log's, another root of the same size, and text that is no request apart")
    func refusals() throws {
        let seed = [UInt8](repeating: 1, count: 32)
        let log = try NoteSigner(name: "log.example/a", key: SigningKey(seed: seed))
        let stranger = try NoteSigner(name: "log.example/a", key: SigningKey(seed: [UInt8](repeating: 2, count: 32)))
        let witness = try Witness(signer: Self.signer, logs: [log.verifierKey])
        func request(_ signer: NoteSigner, _ root: Hash256, size: UInt64 = 3, old: UInt64 = 0) -> [UInt8] {
            let text = Checkpoint(origin: signer.verifierKey.name, size: size, root: root).text
            return Array("old \(old)\n\n".utf8) + signer.sign(text)
        }
        var last: Checkpoint?
        let root = sha256([1])
        #expect(Self.status(witness, request(stranger, root), &last).0 == 403)
        var broken = request(log, root)
        let at = try #require(broken.lastIndex(of: UInt8(ascii: " "))) + 20
        broken[at] = broken[at] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        #expect(Self.status(witness, broken, &last).0 == 403)
        let other = try NoteSigner(name: "log.example/b", key: SigningKey(seed: seed))
        #expect(Self.status(witness, request(other, root), &last).0 == 404)
        #expect(Self.status(witness, request(log, root, size: 3, old: 4), &last).0 == 400)
        #expect(Self.status(witness, request(log, root), &last).0 == 200)
        #expect(Self.status(witness, request(log, sha256([2]), old: 3), &last).0 == 409)
        for text in [
            "", "old 3", "old 03\n\n", "old 3\n\n", "old -1\n\n", "old 3\r\n\r\n", "old 18446744073709551616\n\n",
        ] {
            #expect(Self.status(witness, Array(text.utf8), &last).0 == 400, "\(text)")
        }
        let long = Array("old 0\n".utf8) + Array(repeating: Array("\(root)\n".utf8), count: 64).flatMap { $0 }
        #expect(Self.status(witness, long + request(log, root).dropFirst(6), &last).0 == 400)
        #expect(last?.root == root)
    }

    @Test("cannot be the log itself, one of its nodes, or a key that signs without a time")
    func itself() throws {
        let key = try SigningKey(seed: [UInt8](repeating: 1, count: 32))
        let log = try NoteSigner(name: "log.example/a", key: key)
        let signers = [
            try NoteSigner(name: "witness.example", key: key, kind: .cosignature), log,
            try NoteSigner(name: "log.example/a/node/n1", key: SigningKey.generate(), kind: .cosignature),
        ]
        for signer in signers {
            #expect(throws: NoteError.self) { try Witness(signer: signer, logs: [log.verifierKey]) }
        }
        #expect(throws: NoteError.self) { try Witness(signer: Self.signer, logs: [signers[2].verifierKey]) }
    }

    @Test("counts once, and only with a cosignature of its own")
    func counting() throws {
        let key = try SigningKey(seed: [UInt8](repeating: 1, count: 32))
        let log = try NoteSigner(name: "log.example/a", key: key)
        let text = Checkpoint(origin: "log.example/a", size: 5, root: emptyTreeHash).text
        let note = log.sign(text)
        let own = try NoteSigner(name: "log.example/a", key: key, kind: .cosignature)
        let node = try NoteSigner(name: "log.example/a/node/n1", key: SigningKey.generate(), kind: .cosignature)
        let trusted = [Self.signer, own, node].map(\.verifierKey)
        func count(_ lines: [[UInt8]]) throws -> [String] {
            try SignedNote(note + lines.flatMap { $0 }).cosigners(among: trusted, log: log.verifierKey).map(\.name)
        }
        let line = Self.signer.cosign(text, time: 7)
        #expect(try count([line, Self.signer.cosign(text, time: 8), line]) == ["example.com/witness"])
        #expect(try count([own.cosign(text, time: 7), node.cosign(text, time: 7)]) == [])
        #expect(try count([]) == [])
        // A log's signature under the witness's name has another key id.
        let asLog = try NoteSigner(name: "example.com/witness", key: SigningKey(seed: [UInt8](repeating: 9, count: 32)))
        #expect(try count([Array(asLog.sign(text).dropFirst(text.count + 1))]) == [])
        #expect(throws: NoteError.self) { try count([Self.signer.cosign(text + text, time: 7)]) }
        let added = try #require(SignedNote(note).adding(SignedNote.lines(line + line)))
        #expect(added == note + line)
        #expect(Cosignature([UInt8](repeating: 0xFF, count: 72)) == nil)
    }
}
