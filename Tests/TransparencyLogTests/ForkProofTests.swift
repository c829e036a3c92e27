import Sodium
import TestSupport
import Testing
import TransparencyLog

@Suite("proofs of a fork")
struct ForkProofTests {
    private static let signer = try! NoteSigner(
        name: "log.example/a", key: SigningKey(seed: [UInt8](repeating: 5, count: 32)))

    /// A tree over leaves, with the hash of every complete subtree.
    private struct Tree {
        let leaves: [Hash256]

        func node(_ level: Int, _ index: UInt64) -> Hash256 {
            guard level > 0 else { return leaves[Int(index)] }
            return nodeHash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))
        }

        func note(_ size: Int) -> [UInt8] {
            let root = Subtree.root(size: UInt64(size)) { node($0, $1) }
            return signer.sign(Checkpoint(origin: "log.example/a", size: UInt64(size), root: root).text)
        }

        /// The same with one leaf changed.
        func changed(at index: Int) -> Tree {
            var leaves = leaves
            leaves[index] = sha256([1, 2, 3])
            return Tree(leaves: leaves)
        }
    }

    private let tree = Tree(leaves: (0..<70).map { leafHash([UInt8($0)]) })
    private var key: VerifierKey { Self.signer.verifierKey }

    private func proves(_ proof: ForkProof) -> Bool { (try? proof.check(key: key)) != nil }

    @Test("hold for every two sizes where a leaf of the smaller was changed, and for none where it was not")
    func prefixes() throws {
        for old in 1..<70 {
            for new in (old + 1)...70 {
                let changed = tree.changed(at: (old * new) % old)
                let sizes = (UInt64(old), UInt64(new))
                let fork = ForkProof.make(tree.note(old), changed.note(new), sizes: sizes) { changed.node($0, $1) }
                #expect(proves(fork), "\(old) \(new)")
                let sound = ForkProof.make(tree.note(old), tree.note(new), sizes: sizes) { tree.node($0, $1) }
                #expect(!proves(sound), "\(old) \(new)")
                // Hashes of the smaller's tree do not lead to the larger's root.
                let mixed = ForkProof.make(tree.note(old), changed.note(new), sizes: sizes) { tree.node($0, $1) }
                #expect(!proves(mixed), "\(old) \(new)")
            }
        }
    }

    @Test("hold for a subtree that two trees of any sizes have with two hashes")
    func subtrees() throws {
        let changed = tree.changed(at: 21)
        for (level, index) in [(0, 21), (1, 10), (2, 5), (3, 2), (4, 1), (5, 0)] as [(Int, UInt64)] {
            for (one, two) in [(32, 70), (70, 33), (64, 64), (40, 41)] {
                func claim(_ tree: Tree, _ size: Int) -> ForkProof.Claim {
                    ForkProof.claim(level: level, index: index, size: UInt64(size)) { tree.node($0, $1) }
                }
                let first = claim(tree, one), second = claim(changed, two)
                func proof(_ first: ForkProof.Claim, _ second: ForkProof.Claim, index: UInt64) -> ForkProof {
                    ForkProof(
                        tree.note(one), changed.note(two),
                        .subtree(level: level, index: index, first: first, second: second))
                }
                #expect(proves(proof(first, second, index: index)), "\(level) \(one) \(two)")
                #expect(!proves(proof(first, second, index: index + 1)))
                #expect(!proves(proof(first, second, index: 1 << 60)))
                #expect(!proves(proof(first, first, index: index)))
                #expect(!proves(proof(first, claim(tree, two), index: index)))
                let short = ForkProof.Claim(hash: second.hash, path: Array(second.path.dropLast()))
                #expect(!proves(proof(first, short, index: index)))
            }
        }
        let whole = ForkProof.claim(level: 0, index: 21, size: 70) { tree.node($0, $1) }
        let negative = ForkProof(
            tree.note(70), changed.note(70), .subtree(level: -1, index: 21, first: whole, second: whole))
        #expect(!proves(negative))
    }

    @Test("need two signatures of the log, two roots, and the right order")
    func false_() throws {
        let other = tree.changed(at: 3)
        #expect(proves(ForkProof(tree.note(9), other.note(9), .roots)))
        #expect(!proves(ForkProof(tree.note(9), tree.note(9), .roots)))
        #expect(!proves(ForkProof(tree.note(9), other.note(10), .roots)))
        let stranger = try NoteSigner(name: "log.example/a", key: SigningKey.generate())
        let forged = stranger.sign(Checkpoint(origin: "log.example/a", size: 9, root: sha256([])).text)
        #expect(!proves(ForkProof(tree.note(9), forged, .roots)))
        let foreign = try NoteSigner(name: "log.example/b", key: SigningKey(seed: [UInt8](repeating: 5, count: 32)))
        let named = foreign.sign(Checkpoint(origin: "log.example/b", size: 9, root: sha256([])).text)
        #expect(!proves(ForkProof(tree.note(9), named, .roots)))
        let fork = ForkProof.make(tree.note(9), other.note(20), sizes: (9, 20)) { other.node($0, $1) }
        guard case .prefix(let hashes) = fork.contradiction else { return #expect(Bool(false)) }
        #expect(!proves(ForkProof(fork.second, fork.first, .prefix(hashes))))
        #expect(!proves(ForkProof(fork.first, fork.second, .prefix([]))))
        #expect(!proves(ForkProof(fork.first, fork.second, .prefix(hashes + [hashes[0]]))))
    }
}
