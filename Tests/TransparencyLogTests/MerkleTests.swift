import Testing
import TransparencyLog

@Suite("trees and proofs")
struct MerkleTests {
    static let tree = ReferenceTree(count: 70)

    @Test("every inclusion proof up to 70 leaves is the RFC's and verifies", arguments: 1...70)
    func inclusion(_ size: Int) throws {
        let root = Self.tree.root(size: size)
        for index in 0..<size {
            let proof = InclusionProof.make(index: UInt64(index), size: UInt64(size), Self.tree.node)
            #expect(proof.hashes == Self.tree.path(index, 0..<size))
            try proof.verify(leaf: Self.tree.leaves[index], size: UInt64(size), root: root)
        }
    }

    @Test("every consistency proof up to 70 leaves is the RFC's and verifies", arguments: 0...70)
    func consistency(_ size: Int) throws {
        for old in 0...size {
            let proof = ConsistencyProof.make(from: UInt64(old), to: UInt64(size), Self.tree.node)
            if old > 0 { #expect(proof.hashes == Self.tree.proof(old, 0..<size)) }
            try proof.verify(
                from: UInt64(old), Self.tree.root(size: old), to: UInt64(size), Self.tree.root(size: size))
        }
    }

    @Test("a proof with a hash too few, too many, swapped or changed is refused, and so is another leaf or size")
    func badInclusion() throws {
        let size: UInt64 = 69, root = Self.tree.root(size: 69), leaf = Self.tree.leaves[37]
        let good = InclusionProof.make(index: 37, size: size, Self.tree.node)
        func refused(_ hashes: [Hash256], index: UInt64 = 37, leaf: Hash256 = leaf, size: UInt64 = size) -> Bool {
            let proof = InclusionProof(index: index, hashes: hashes)
            return (try? proof.verify(leaf: leaf, size: size, root: root)) == nil
        }
        #expect(!refused(good.hashes))
        #expect(refused(Array(good.hashes.dropLast())))
        #expect(refused(good.hashes + [leaf]))
        for i in 1..<good.hashes.count {
            var swapped = good.hashes
            swapped.swapAt(i - 1, i)
            #expect(refused(swapped))
        }
        for i in good.hashes.indices {
            var changed = good.hashes
            changed[i] = leafHash(changed[i].array)
            #expect(refused(changed))
        }
        #expect(refused(good.hashes, index: 36))
        #expect(refused(good.hashes, index: 69))
        #expect(refused(good.hashes, size: 36))
        #expect(refused(good.hashes, size: 0))
        #expect(refused(good.hashes, leaf: Self.tree.leaves[36]))
    }

    @Test("an inner node offered as a leaf does not verify in a tree of that size")
    func innerNode() {
        let node = Self.tree.node(1, 0)
        let proof = InclusionProof(
            index: 0, hashes: Array(InclusionProof.make(index: 0, size: 64, Self.tree.node).hashes.dropFirst()))
        #expect(throws: ProofError.self) { try proof.verify(leaf: node, size: 64, root: Self.tree.root(size: 64)) }
    }

    @Test("a consistency proof that was changed, or leads elsewhere, is refused")
    func badConsistency() {
        let good = ConsistencyProof.make(from: 21, to: 69, Self.tree.node).hashes
        let old = Self.tree.root(size: 21), new = Self.tree.root(size: 69)
        func refused(_ hashes: [Hash256], _ from: UInt64 = 21, _ to: UInt64 = 69, _ a: Hash256 = old) -> Bool {
            (try? ConsistencyProof(hashes).verify(from: from, a, to: to, new)) == nil
        }
        #expect(!refused(good))
        #expect(refused(Array(good.dropLast())))
        #expect(refused(good + [old]))
        #expect(refused(good.reversed()))
        #expect(refused(good, 22))
        #expect(refused(good, 69, 21))
        #expect(refused(good, 21, 69, new))
        #expect(refused([], 21, 69))
        #expect(refused([], 0, 69))
    }

    @Test("a tree appended to has every root of the definition, and its tiles rebuild it at any size")
    func appender() throws {
        let count = 600
        let reference = ReferenceTree(count: count)
        var tree = TreeAppender()
        var tiles: [[UInt64: [Hash256]]] = [[:], [:], [:]]
        for size in 1...count {
            let before = tree.size
            tree.append(reference.leaves[size - 1]) { level, index, hashes in tiles[level][index] = hashes }
            tree.forEachPartialTile(grownSince: before) { level, index, hashes in tiles[level][index] = hashes }
            #expect(tree.size == UInt64(size))
            guard size % 37 == 0 || size > 510 && size < 515 || size % 256 < 2 else { continue }
            let root = reference.root(size: size)
            #expect(tree.root() == root)
            let rebuilt = try #require(TreeAppender(size: UInt64(size)) { level, index in tiles[level][index] ?? [] })
            #expect(rebuilt.root() == root)
            var nodes = TileNodes<Never> { level, index, _ in tiles[level][index] ?? [] }
            let proof = InclusionProof.make(index: 0, size: UInt64(size)) { nodes.node($0, $1) }
            try proof.verify(leaf: reference.leaves[0], size: UInt64(size), root: root)
        }
    }

    @Test("a tree is not rebuilt from tiles that are too short")
    func shortTile() {
        let tree = TreeAppender(size: 3) { _, _ in [Hash256()] }
        #expect(tree.map { $0.size } == nil)
    }
}

/// The tree of RFC 9162 section 2.1, written as the definition reads, for comparison with the fast code.
struct ReferenceTree {
    let leaves: [Hash256]

    init(_ leaves: [Hash256]) { self.leaves = leaves }

    init(count: Int) { leaves = (0..<count).map { leafHash(Array("leaf \($0)".utf8)) } }

    func root(_ range: Range<Int>) -> Hash256 {
        if range.isEmpty { return emptyTreeHash }
        if range.count == 1 { return leaves[range.lowerBound] }
        let k = Self.split(range.count)
        return nodeHash(
            root(range.lowerBound..<(range.lowerBound + k)), root((range.lowerBound + k)..<range.upperBound))
    }

    func root(size: Int) -> Hash256 { root(0..<size) }

    func path(_ m: Int, _ range: Range<Int>) -> [Hash256] {
        if range.count == 1 { return [] }
        let k = Self.split(range.count), middle = range.lowerBound + k
        if m < k {
            return path(m, range.lowerBound..<middle) + [root(middle..<range.upperBound)]
        }
        return path(m - k, middle..<range.upperBound) + [root(range.lowerBound..<middle)]
    }

    func proof(_ m: Int, _ range: Range<Int>, isWhole: Bool = true) -> [Hash256] {
        if m == range.count { return isWhole ? [] : [root(range)] }
        let k = Self.split(range.count), middle = range.lowerBound + k
        if m <= k {
            return proof(m, range.lowerBound..<middle, isWhole: isWhole) + [root(middle..<range.upperBound)]
        }
        return proof(m - k, middle..<range.upperBound, isWhole: false) + [root(range.lowerBound..<middle)]
    }

    /// The hash of the complete subtree that the fast code requests from a source.
    func node(_ level: Int, _ index: UInt64) -> Hash256 {
        let start = Int(index) << level
        return root(start..<(start + (1 << level)))
    }

    static func split(_ count: Int) -> Int {
        var k = 1
        while k * 2 < count { k *= 2 }
        return k
    }
}
