/// That a tree continues an older one: RFC 9162 section 2.1.4.
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
