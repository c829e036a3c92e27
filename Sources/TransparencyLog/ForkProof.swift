/// Two checkpoints that one log signed and that no one history has: evidence against its operator, which holds by
/// itself.
package struct ForkProof: Hashable, Sendable {
    /// The way in which the trees of the two checkpoints contradict each other.
    package enum Contradiction: Hashable, Sendable {
        /// They have one size and different roots.
        case roots
        /// The first's entries are not the first entries of the second: these hashes lead to the second's root, and to
        /// another root than the first's. They are those of a consistency proof (RFC 9162 section 2.1.4), with the hash
        /// of the largest complete subtree that ends at the first's size in front even where that is its whole tree.
        case prefix([Hash256])
        /// A complete subtree of the same entries, of 2^`level` each, has one hash in the first and another in the
        /// second.
        case subtree(level: Int, index: UInt64, first: Claim, second: Claim)
    }

    /// A hash in a tree, with the hashes beside its path, from it up to the root.
    package struct Claim: Hashable, Sendable {
        package let hash: Hash256
        package let path: [Hash256]

        package init(hash: Hash256, path: [Hash256]) {
            self.hash = hash
            self.path = path
        }
    }

    /// The reason why it proves nothing.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// The two signed notes; of different sizes, the smaller first where the contradiction is `prefix`.
    package let first: [UInt8]
    package let second: [UInt8]
    package let contradiction: Contradiction

    package init(_ first: [UInt8], _ second: [UInt8], _ contradiction: Contradiction) {
        self.first = first
        self.second = second
        self.contradiction = contradiction
    }

    /// Checks that the log's key signed both and that they contradict each other.
    /// - Returns: the two checkpoints.
    /// - Throws: the reason why it proves nothing.
    @discardableResult
    package func check(key: VerifierKey) throws(Failure) -> (first: Checkpoint, second: Checkpoint) {
        let one = try open(first, "first", key), two = try open(second, "second", key)
        switch contradiction {
        case .roots:
            guard one.size == two.size else { throw Failure(description: "the checkpoints are of different sizes") }
            guard one.root != two.root else { throw Failure(description: "the checkpoints have the same root") }
        case .prefix(let hashes):
            guard one.size > 0, one.size < two.size else {
                throw Failure(description: "the first checkpoint is not the smaller one")
            }
            guard let roots = Self.roots(from: one.size, to: two.size, hashes) else {
                throw Failure(description: "the proof has too few or too many hashes")
            }
            guard roots.after == two.root else {
                throw Failure(description: "the hashes do not lead to the root of the second checkpoint")
            }
            guard roots.before != one.root else {
                throw Failure(description: "the second checkpoint continues the first")
            }
        case .subtree(let level, let index, let first, let second):
            guard first.hash != second.hash else { throw Failure(description: "the two hashes are the same") }
            for (claim, checkpoint, name) in [(first, one, "first"), (second, two, "second")] {
                guard
                    Self.root(of: claim, level: level, index: index, size: checkpoint.size) == checkpoint.root
                else {
                    throw Failure(description: "the \(name) hash is not under the root of its checkpoint")
                }
            }
        }
        return (one, two)
    }

    private func open(_ note: [UInt8], _ which: String, _ key: VerifierKey) throws(Failure) -> Checkpoint {
        do throws(NoteError) { return try Checkpoint.open(note, key: key) } catch {
            throw Failure(description: "the \(which) checkpoint: \(error)")
        }
    }

    /// The roots of the first `old` leaves and of all `new` to which the hashes of a prefix lead; nil if they are not as
    /// many as such a proof has.
    private static func roots(
        from old: UInt64, to new: UInt64, _ hashes: [Hash256]
    ) -> (before: Hash256, after: Hash256)? {
        let shift = old.trailingZeroBitCount
        var (inner, border) = InclusionProof.parts(index: old - 1, size: new)
        inner -= shift
        guard hashes.count == inner + border + 1 else { return nil }
        var before = hashes[0], after = hashes[0]
        let mask = (old - 1) >> UInt64(shift)
        for (i, hash) in hashes.dropFirst().enumerated() {
            if i >= inner || (mask >> UInt64(i)) & 1 == 1 {
                before = nodeHash(hash, before)
                after = nodeHash(hash, after)
            } else {
                after = nodeHash(after, hash)
            }
        }
        return (before, after)
    }

    /// The root to which a claim leads; nil if the subtree is not complete in a tree of `size` leaves, or the path has
    /// another length.
    private static func root(of claim: Claim, level: Int, index: UInt64, size: UInt64) -> Hash256? {
        guard (0..<63).contains(level), index < 1 << UInt64(63 - level) else { return nil }
        let first = index << UInt64(level)
        guard first + (1 << UInt64(level)) <= size else { return nil }
        let (inner, border) = InclusionProof.parts(index: first, size: size)
        guard inner >= level, claim.path.count == inner - level + border else { return nil }
        var hash = claim.hash
        for (i, sibling) in claim.path.enumerated() {
            let height = level + i
            let isLeft = height < inner && (first >> UInt64(height)) & 1 == 0
            hash = isLeft ? nodeHash(hash, sibling) : nodeHash(sibling, hash)
        }
        return hash
    }
}

extension ForkProof {
    /// The proof that the first of two checkpoints is not continued by the second, from the complete subtrees of the
    /// second's tree; `roots` where they are of one size.
    /// - Parameters:
    ///   - first, second: signed notes, the smaller first.
    ///   - sizes: their sizes, of which the first is above 0 and not above the second.
    ///   - node: gives the hash of the complete subtree number `index` of 2^`level` leaves of the second's tree.
    package static func make<E: Error>(
        _ first: [UInt8], _ second: [UInt8], sizes: (UInt64, UInt64), _ node: (Int, UInt64) throws(E) -> Hash256
    ) throws(E) -> ForkProof {
        guard sizes.0 < sizes.1, sizes.0 > 0 else { return ForkProof(first, second, .roots) }
        var hashes: [Hash256] = []
        if sizes.0.nonzeroBitCount == 1 { hashes.append(try node(sizes.0.trailingZeroBitCount, 0)) }
        hashes += try ConsistencyProof.make(from: sizes.0, to: sizes.1, node).hashes
        return ForkProof(first, second, .prefix(hashes))
    }

    /// The hash of a complete subtree with its path in a tree of `size` leaves.
    /// - Parameter node: as in `make`.
    package static func claim<E: Error>(
        level: Int, index: UInt64, size: UInt64, _ node: (Int, UInt64) throws(E) -> Hash256
    ) throws(E) -> Claim {
        let proof = try InclusionProof.make(index: index << UInt64(level), size: size, node)
        return Claim(hash: try node(level, index), path: Array(proof.hashes.dropFirst(level)))
    }
}
