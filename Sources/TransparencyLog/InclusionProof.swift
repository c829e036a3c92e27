/// That a leaf is in a tree: the hashes beside its path, from the leaf up (RFC 9162 section 2.1.3).
package struct InclusionProof: Hashable, Sendable {
    /// The leaf's index.
    package let index: UInt64
    /// The hashes, lowest first.
    package let hashes: [Hash256]

    /// A proof of its parts.
    package init(index: UInt64, hashes: [Hash256]) {
        self.index = index
        self.hashes = hashes
    }

    /// The proof of leaf `index` in the tree over the first `size` leaves, from a source of complete subtrees.
    package static func make<E: Error>(
        index: UInt64, size: UInt64, _ node: (Int, UInt64) throws(E) -> Hash256
    ) throws(E) -> InclusionProof {
        precondition(index < size, "a proof is of a leaf in the tree")
        var hashes: [Hash256] = []
        var range = 0..<size
        while range.upperBound - range.lowerBound > 1 {
            let middle = range.lowerBound + Subtree.split(range.upperBound - range.lowerBound)
            let isLeft = index < middle
            let sibling = isLeft ? middle..<range.upperBound : range.lowerBound..<middle
            hashes.append(try Subtree.hash(sibling, node))
            range = isLeft ? range.lowerBound..<middle : middle..<range.upperBound
        }
        return InclusionProof(index: index, hashes: hashes.reversed())
    }

    /// How many hashes the proof of a leaf needs: those inside its subtree and those at the tree's right border.
    static func parts(index: UInt64, size: UInt64) -> (inner: Int, border: Int) {
        let inner = 64 - (index ^ (size - 1)).leadingZeroBitCount
        return (inner, inner == 64 ? 0 : (index >> UInt64(inner)).nonzeroBitCount)
    }

    /// The root that the proof leads to from a leaf hash in a tree of `size` leaves.
    package func root(leaf: Hash256, size: UInt64) throws(ProofError) -> Hash256 {
        guard index < size else { throw .range("index \(index) is not below the tree size \(size)") }
        let (inner, border) = Self.parts(index: index, size: size)
        guard hashes.count == inner + border else { throw .length(expected: inner + border, found: hashes.count) }
        var hash = leaf
        for (i, sibling) in hashes.enumerated() {
            let isLeft = i < inner && (index >> UInt64(i)) & 1 == 0
            hash = isLeft ? nodeHash(hash, sibling) : nodeHash(sibling, hash)
        }
        return hash
    }

    /// Checks that the proof leads from a leaf hash to the root of a tree of `size` leaves.
    package func verify(leaf: Hash256, size: UInt64, root expected: Hash256) throws(ProofError) {
        let found = try root(leaf: leaf, size: size)
        guard found == expected else { throw .root(expected: expected, found: found) }
    }
}
