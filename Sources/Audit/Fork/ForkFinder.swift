import TransparencyLog

/// A contradiction that verification found, before it is proved to others.
enum FoundFork: Sendable {
    /// A signed checkpoint that the entries contradict, and a signed one, not smaller, that they bear out.
    case checkpoints(first: [UInt8], second: [UInt8])
    /// A subtree's hash that a receipt states, of an entry with this leaf hash, and a signed checkpoint whose entries
    /// have another.
    case receipt(VerifyPin, leaf: Hash256, node: VerifyNode, second: [UInt8])
    /// The same of two receipts.
    case receipts(VerifyPin, leaf: Hash256, VerifyPin, otherLeaf: Hash256, node: VerifyNode)
}

/// Makes evidence of what verification found: one more reading of the entries gives the hashes that lead to the roots.
enum ForkFinder {
    /// Contradictions that are tried; one that is proved is enough.
    private static let triedMax = 8

    /// Evidence of the first contradiction that can be proved to others.
    /// - Throws: `VerifyError` if the input cannot be read.
    static func evidence(
        _ forks: [FoundFork], in input: VerifyInput, key: VerifierKey
    ) throws(VerifyError) -> ForkEvidence? {
        for fork in forks.prefix(triedMax) {
            var wanted: Set<VerifyNode> = []
            guard
                proof(
                    fork,
                    {
                        wanted.insert(VerifyNode(level: $0, index: $1))
                        return Hash256()
                    }) != nil
            else { continue }
            let found = wanted.isEmpty ? [:] : try EntryTree.nodes(wanted, in: input.source())
            let proof = proof(fork) { found[VerifyNode(level: $0, index: $1)] ?? Hash256() }
            guard let proof, (try? proof.check(key: key)) != nil else { continue }
            return ForkEvidence(proof)
        }
        return nil
    }

    private static func proof(_ fork: FoundFork, _ node: (Int, UInt64) -> Hash256) -> ForkProof? {
        switch fork {
        case .checkpoints(let first, let second):
            guard let old = VerifyCommit.sizeNamed(by: first), let new = VerifyCommit.sizeNamed(by: second), old <= new
            else { return nil }
            return ForkProof.make(first, second, sizes: (old, new), node)
        case .receipt(let pin, let leaf, let place, let second):
            guard let first = pin.claim(of: place, leaf: leaf), let size = VerifyCommit.sizeNamed(by: second),
                let end = place.end, end <= size
            else { return nil }
            let other = ForkProof.claim(level: place.level, index: place.index, size: size, node)
            return ForkProof(
                pin.note, second, .subtree(level: place.level, index: place.index, first: first, second: other))
        case .receipts(let pin, let leaf, let other, let otherLeaf, let place):
            guard let first = pin.claim(of: place, leaf: leaf), let second = other.claim(of: place, leaf: otherLeaf)
            else { return nil }
            return ForkProof(
                pin.note, other.note, .subtree(level: place.level, index: place.index, first: first, second: second))
        }
    }
}

extension VerifyPin {
    /// The hash that a receipt states for a subtree in its proof, or for its entry, with the path to its root.
    func claim(of node: VerifyNode, leaf: Hash256) -> ForkProof.Claim? {
        guard let proof else { return nil }
        if node.level == 0, node.index == proof.index { return ForkProof.Claim(hash: leaf, path: proof.hashes) }
        var running = leaf
        for (i, (level, hash)) in zip(proof.levels(size: checkpoint.size), proof.hashes).enumerated() {
            let index = proof.index >> UInt64(level)
            if node.level == level, node.index == index ^ 1 {
                return ForkProof.Claim(hash: hash, path: [running] + proof.hashes.dropFirst(i + 1))
            }
            // Beyond the place where the paths of the leaf and the last one meet a hash lies to the left.
            let isLeft = index & 1 == 0
            running = isLeft ? nodeHash(running, hash) : nodeHash(hash, running)
        }
        return nil
    }
}

/// The Merkle tree over the entries of a source, in one reading.
enum EntryTree {
    /// The hashes of the complete subtrees that are wanted.
    static func nodes(
        _ wanted: Set<VerifyNode>, in source: any VerifySource
    ) throws(VerifyError) -> [VerifyNode: Hash256] {
        let reader = try source.reader()
        var found: [VerifyNode: Hash256] = [:]
        var edge: [Hash256] = []
        var count: UInt64 = 0
        func note(_ level: Int, _ index: UInt64, _ hash: Hash256) {
            let node = VerifyNode(level: level, index: index)
            if wanted.contains(node) { found[node] = hash }
        }
        while try reader.withNextChunk({ chunk throws(VerifyError) in
            for i in unsafe chunk.bytes.indices {
                var hash = unsafe leafHash(chunk.bytes[i]), level = 0
                note(0, count, hash)
                while count >> UInt64(level) & 1 == 1 {
                    hash = nodeHash(edge[level], hash)
                    level += 1
                    note(level, count >> UInt64(level), hash)
                }
                if level == edge.count { edge.append(hash) } else { edge[level] = hash }
                count += 1
            }
        }) {}
        return found
    }
}
