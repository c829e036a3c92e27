import Audit
import Foundation
import Sodium
import Testing
import TransparencyLog

@Suite("evidence of a fork")
struct ForkEvidenceTests {
    private static let signer = try! NoteSigner(
        name: "log.example/a", key: SigningKey(seed: [UInt8](repeating: 5, count: 32)))
    private let key = "\(signer.verifierKey)"

    private static func note(_ size: UInt64, _ root: Hash256) -> [UInt8] {
        signer.sign(Checkpoint(origin: "log.example/a", size: size, root: root).text)
    }

    private static let leaves = (0..<5).map { leafHash([UInt8($0)]) }
    /// One of each kind.
    private static let proofs: [ForkProof] = {
        let roots = ForkProof(note(9, sha256([1])), note(9, sha256([2])), .roots)
        let pair = nodeHash(leaves[0], leaves[1])
        let prefix = ForkProof(
            note(2, sha256([1])), note(3, nodeHash(pair, leaves[2])), .prefix([pair, leaves[2]]))
        let first = ForkProof.Claim(hash: leaves[0], path: [leaves[1]])
        let second = ForkProof.Claim(hash: leaves[3], path: [leaves[1], leaves[2]])
        let subtree = ForkProof(
            note(2, pair), note(3, nodeHash(nodeHash(leaves[3], leaves[1]), leaves[2])),
            .subtree(level: 0, index: 0, first: first, second: second))
        return [roots, prefix, subtree]
    }()

    private func failure(_ bytes: [UInt8]) -> String? {
        do throws(ForkEvidence.Failure) { _ = try ForkEvidence(bytes).check(key: key) } catch {
            return error.description
        }
        return nil
    }

    @Test("of each kind is read back as it was written, and says what it proves")
    func whole() throws {
        for (proof, words) in zip(Self.proofs, ["different roots", "the first 2 entries", "entry 0 is another"]) {
            let bytes = ForkEvidence(proof).bytes
            #expect(ForkEvidence.isLikely(bytes))
            let read = try ForkEvidence(bytes + [0x0A])
            #expect(read.proof == proof)
            let check = try read.check(key: key)
            #expect(check.text.hasPrefix("FORK: the operator of log.example/a signed two histories\n"))
            #expect(check.what.contains(words))
            #expect(failure(bytes) == nil)
        }
    }

    @Test("cut short anywhere, or with any byte changed, never proves anything else, and never ends the process")
    func damaged() throws {
        for proof in Self.proofs {
            let bytes = ForkEvidence(proof).bytes
            for count in stride(from: 0, to: bytes.count, by: 3) { #expect(failure(Array(bytes.prefix(count))) != nil) }
            for i in bytes.indices {
                var changed = bytes
                changed[i] ^= 1
                #expect(failure(changed) != nil, "byte \(i)")
            }
        }
    }

    @Test("in another form, with more members, of other numbers or under another key is refused in words")
    func refused() throws {
        let text = String(decoding: ForkEvidence(Self.proofs[2]).bytes, as: UTF8.self)
        let edits = [
            ("docket.fork/1", "docket.fork/2"), (#""level":0"#, #""level":-1"#), (#""level":0"#, #""level":63"#),
            (#""index":0"#, #""index":-1"#), (#""index":0"#, #""index":9007199254740991"#),
            (#"{"evidence""#, #"{"a":1,"evidence""#),
            (#""index":0"#, #""index":0.5"#), (#""path":["#, #""path":[null,"#), (":", ": "),
            (#""notes":["#, #""notes":["x","#),
        ]
        for (old, new) in edits {
            #expect(text.contains(old))
            #expect(failure(Array(text.replacingOccurrences(of: old, with: new).utf8)) != nil, "\(new)")
        }
        #expect(failure([UInt8](repeating: 0x20, count: ForkEvidence.bytesMax + 1)) != nil)
        let other = try NoteSigner(name: "log.example/a", key: SigningKey.generate()).verifierKey
        for key in ["\(other)", "nonsense"] {
            #expect(throws: ForkEvidence.Failure.self) {
                try ForkEvidence(Array(text.utf8)).check(key: key)
            }
        }
    }
}
