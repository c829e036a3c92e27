/// A proof that a leaf is in a tree: the hashes beside its path, from the leaf up (RFC 9162 section 2.1.3).
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

    /// The number of hashes in the proof of a leaf: those inside its subtree and those at the tree's right border.
    static func parts(index: UInt64, size: UInt64) -> (inner: Int, border: Int) {
        let inner = 64 - (index ^ (size - 1)).leadingZeroBitCount
        return (inner, inner == 64 ? 0 : (index >> UInt64(inner)).nonzeroBitCount)
    }

    /// The root that the proof leads to from a leaf hash in a tree of `size` leaves.
    /// - Throws: if the index is not in such a tree, or the number of hashes is not that of a proof.
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
    /// - Throws: the reason if it does not.
    package func verify(leaf: Hash256, size: UInt64, root expected: Hash256) throws(ProofError) {
        let found = try root(leaf: leaf, size: size)
        guard found == expected else { throw .root(expected: expected, found: found) }
    }
}

/// A proof that a tree continues an older one (RFC 9162 section 2.1.4).
package struct ConsistencyProof: Hashable, Sendable {
    /// The hashes, in the order of the RFC.
    package let hashes: [Hash256]

    /// A proof of its hashes.
    package init(_ hashes: [Hash256]) { self.hashes = hashes }

    /// The proof between two sizes of one tree, from a source of complete subtrees; empty from size 0.
    package static func make<E: Error>(
        from old: UInt64, to new: UInt64, _ node: (Int, UInt64) throws(E) -> Hash256
    ) throws(E) -> ConsistencyProof {
        precondition(old <= new, "a proof leads to a larger tree")
        guard old > 0 else { return ConsistencyProof([]) }
        var hashes: [Hash256] = []
        var range = 0..<new
        while range.upperBound != old {
            let middle = range.lowerBound + Subtree.split(range.upperBound - range.lowerBound)
            let isLeft = old <= middle
            let sibling = isLeft ? middle..<range.upperBound : range.lowerBound..<middle
            hashes.append(try Subtree.hash(sibling, node))
            range = isLeft ? range.lowerBound..<middle : middle..<range.upperBound
        }
        if range.lowerBound != 0 { hashes.append(try Subtree.hash(range, node)) }
        return ConsistencyProof(hashes.reversed())
    }

    /// Checks that the tree of `new` leaves with root `newRoot` continues that of `old` leaves with root `oldRoot`.
    /// - Throws: the reason if it does not.
    package func verify(
        from old: UInt64, _ oldRoot: Hash256, to new: UInt64, _ newRoot: Hash256
    ) throws(ProofError) {
        guard old <= new else { throw .range("the old size \(old) is above the new size \(new)") }
        if old == new || old == 0 {
            guard hashes.isEmpty else { throw .length(expected: 0, found: hashes.count) }
            let expected = old == 0 ? emptyTreeHash : newRoot
            guard oldRoot == expected else { throw .root(expected: expected, found: oldRoot) }
            if new == 0 && newRoot != emptyTreeHash { throw .root(expected: emptyTreeHash, found: newRoot) }
            return
        }
        let shift = old.trailingZeroBitCount
        var (inner, border) = InclusionProof.parts(index: old - 1, size: new)
        inner -= shift
        let isComplete = old == 1 << UInt64(shift)
        let expected = inner + border + (isComplete ? 0 : 1)
        guard hashes.count == expected else { throw .length(expected: expected, found: hashes.count) }
        let seed = isComplete ? oldRoot : hashes[0]
        let path = hashes.dropFirst(isComplete ? 0 : 1)
        let mask = (old - 1) >> UInt64(shift)
        var before = seed, after = seed
        for (i, hash) in path.enumerated() {
            if i >= inner || (mask >> UInt64(i)) & 1 == 1 {
                before = nodeHash(hash, before)
                after = nodeHash(hash, after)
            } else {
                after = nodeHash(after, hash)
            }
        }
        guard before == oldRoot else { throw .root(expected: oldRoot, found: before) }
        guard after == newRoot else { throw .root(expected: newRoot, found: after) }
    }
}

/// The reason a Merkle proof or its text form is refused.
package enum ProofError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text is not in the form of the format; says what is wrong.
    case malformed(String)
    /// There are more hashes than any tree needs.
    case limit(String)
    /// The index is not below the size, or the old size is above the new one.
    case range(String)
    /// There are too few or too many hashes.
    case length(expected: Int, found: Int)
    /// The hashes lead to another root.
    case root(expected: Hash256, found: Hash256)

    /// The message, on one line.
    package var description: String {
        switch self {
        case .malformed(let what), .limit(let what), .range(let what): what
        case .length(let expected, let found): "the proof has \(found) hashes where it needs \(expected)"
        case .root(let expected, let found): "the proof leads to root \(found), not to \(expected)"
        }
    }
}
