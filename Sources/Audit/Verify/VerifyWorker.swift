import TransparencyLog

/// One thread of a verification: hashes and checks chunks.
struct VerifyWorker {
    /// The entries that are hashed together before they are checked: few enough to stay in the processor's cache.
    private static let runEntries = 512

    private let key: VerifierKey
    private let signatures: VerifySignatures
    private let wanted: VerifyWanted
    private var entries: VerifyEntryReader
    /// The hashes of the chunk's complete subtrees, by level.
    private var nodes: [[Hash256]]
    /// Indices of entries in the chunk whose `sequence` names another position; the tiles there are not theirs.
    private var displaced: Set<Int> = []
    /// Findings for entries that are in position but stored under another key.
    private var keyFindings: [VerifyFinding] = []
    private(set) var digests = VerifyDigests()

    init(key: VerifierKey, signatures: VerifySignatures, wanted: VerifyWanted) {
        self.key = key
        self.signatures = signatures
        self.wanted = wanted
        entries = VerifyEntryReader(genesis: genesisHash(origin: key.name))
        nodes = (0...VerifyChunk.level).map { level in
            var hashes: [Hash256] = []
            hashes.reserveCapacity(VerifyChunk.entries >> level)
            return hashes
        }
    }

    /// Checks every byte of a chunk.
    /// - Throws: `VerifyError` if the source cannot be read or digests cannot be spilled.
    mutating func process(_ chunk: VerifyChunk, _ reader: any VerifyReader) throws(VerifyError) -> VerifyChunkResult {
        try hash(chunk, hasKeys: reader.hasKeys)
        let count = nodes[0].count
        let sizes = (chunk.first + 1)...(chunk.first + UInt64(count))
        let notes = try reader.checkpoints(sizes, most: VerifyChunk.entries)
        let ends = ends(notes.map { Int($0.size - chunk.first) })
        var commits: [VerifyCommit] = []
        commits.reserveCapacity(notes.count)
        for (i, (size, note)) in notes.enumerated() {
            let opened = signatures == .all ? VerifyCommit.open(note, key: key) : nil
            commits.append(VerifyCommit(size: size, note: note, opened: opened, end: ends[i]))
        }
        return VerifyChunkResult(
            number: chunk.number, count: count, pieces: pieces(count),
            wanted: wanted.sizes.filter { sizes.contains($0) }.map { ($0, pieces(Int($0 - chunk.first))) },
            nodes: wanted.nodes.compactMap { node in hash(of: node, in: chunk).map { (node, $0) } },
            commits: commits, findings: entries.findings + keyFindings, links: entries.links,
            differences: try differences(chunk.first, reader))
    }

    private mutating func hash(_ chunk: VerifyChunk, hasKeys: Bool) throws(VerifyError) {
        for level in nodes.indices { nodes[level].removeAll(keepingCapacity: true) }
        unsafe entries.begin(after: chunk.preceding, place: chunk.first &- 1)
        displaced.removeAll(keepingCapacity: true)
        keyFindings.removeAll(keepingCapacity: true)
        let count = unsafe chunk.bytes.count
        var start = 0
        while start < count {
            let end = min(start + Self.runEntries, count)
            unsafe hashLeaves(UnsafeBufferPointer(rebasing: chunk.bytes[start..<end]))
            for i in start..<end { try check(chunk, i, hasKeys: hasKeys) }
            start = end
        }
        for level in 1...VerifyChunk.level { hashNodes(level) }
    }

    private mutating func check(_ chunk: VerifyChunk, _ i: Int, hasKeys: Bool) throws(VerifyError) {
        let place = chunk.first + UInt64(i)
        unsafe entries.take(chunk.bytes[i], nodes[0][i], place: place)
        if let sequence = entries.last?.sequence, sequence != place {
            displaced.insert(i)
        } else if hasKeys, unsafe chunk.locators[i] != place, keyFindings.count < VerifyResult.badMax {
            keyFindings.append(
                VerifyFinding(place, .order, "key", "\(place)", unsafe "\(chunk.locators[i])"))
        }
        if let (high, low) = entries.digest {
            let locator = unsafe chunk.locators[i]
            try digests.append(VerifyDigest(high: high, low: low, place: place, locator: locator))
        }
    }

    private mutating func hashLeaves(_ run: UnsafeBufferPointer<UnsafeRawBufferPointer>) {
        let start = nodes[0].count
        nodes[0].append(contentsOf: repeatElement(Hash256(), count: run.count))
        unsafe nodes[0].withUnsafeMutableBufferPointer { leaves in
            unsafe ManyHashes.leaves(run, into: UnsafeMutableBufferPointer(rebasing: leaves[start...]))
        }
    }

    private mutating func hashNodes(_ level: Int) {
        let below = nodes[level - 1]
        nodes[level].append(contentsOf: repeatElement(Hash256(), count: below.count / 2))
        unsafe below.withUnsafeBufferPointer { below in
            unsafe nodes[level].withUnsafeMutableBufferPointer { unsafe ManyHashes.nodes(below, into: $0) }
        }
    }

    /// The hash of a subtree that lies in the chunk; nil for any other.
    private func hash(of node: VerifyNode, in chunk: VerifyChunk) -> Hash256? {
        guard node.level <= VerifyChunk.level else { return nil }
        let (local, isBefore) = node.index.subtractingReportingOverflow(chunk.first >> UInt64(node.level))
        return !isBefore && local < UInt64(nodes[node.level].count) ? nodes[node.level][Int(local)] : nil
    }

    /// The subtrees of the chunk's first `count` entries, from the left.
    private func pieces(_ count: Int) -> VerifyPieces {
        (0...VerifyChunk.level).reversed().filter { count >> $0 & 1 == 1 }.map { level in
            nodes[level][(count >> (level + 1)) << 1]
        }
    }

    /// For each of the counts the hash over the subtrees of the chunk's first so many entries, a level of all at once.
    private func ends(_ counts: [Int]) -> [Hash256] {
        var ends = [Hash256](repeating: Hash256(), count: counts.count)
        var joined: [Int] = []
        var pairs: [Hash256] = []
        for level in 0...VerifyChunk.level {
            joined.removeAll(keepingCapacity: true)
            pairs.removeAll(keepingCapacity: true)
            for (i, count) in counts.enumerated() where count >> level & 1 == 1 {
                let subtree = nodes[level][(count >> (level + 1)) << 1]
                if count.trailingZeroBitCount == level {
                    ends[i] = subtree
                } else {
                    joined.append(i)
                    pairs += [subtree, ends[i]]
                }
            }
            let hashes = ManyHashes.nodes(pairs)
            for (k, i) in joined.enumerated() { ends[i] = hashes[k] }
        }
        return ends
    }

    /// Compares the stored tiles of the two lowest levels with the hashes of the entries.
    private func differences(_ first: UInt64, _ reader: any VerifyReader) throws(VerifyError) -> [VerifyTileDifference]
    {
        var differences: [VerifyTileDifference] = []
        for (level, height) in [(0, 0), (1, 8)] {
            let hashes = nodes[height]
            let start = first >> UInt64(height)
            var i = 0
            while i < hashes.count {
                let index = (start + UInt64(i)) >> 8, offset = Int((start + UInt64(i)) & 255)
                let width = min(256 - offset, hashes.count - i)
                guard let tile = try reader.tile(level, index, offset + width) else { return [] }
                for k in 0..<width where differences.count < VerifyResult.badMax {
                    let stored = offset + k < tile.count ? tile[offset + k] : nil
                    if stored == hashes[i + k] || (level == 0 && displaced.contains(i + k)) { continue }
                    let sequence = (start + UInt64(i + k)) << UInt64(height)
                    differences.append(
                        VerifyTileDifference(
                            sequence: sequence, level: level, computed: hashes[i + k], stored: stored))
                }
                i += width
            }
        }
        return differences
    }
}

/// The roots and subtrees that a verification compares with something.
struct VerifyWanted: Sendable {
    /// The sizes of the roots, rising.
    let sizes: [UInt64]
    let nodes: [VerifyNode]

    init(checkpoint: UInt64?, pins: [VerifyPin]) {
        let own = checkpoint.map { [$0, $0 == 0 ? 0 : $0 - 1] } ?? []
        sizes = Set(own + pins.map(\.checkpoint.size)).sorted()
        let leaves = pins.compactMap { $0.proof.map { VerifyNode(level: 0, index: $0.index) } }
        nodes = Array(Set(pins.flatMap { $0.nodes.map(\.node) } + leaves))
    }
}

/// The complete subtrees that part of a chunk consists of, from the left.
typealias VerifyPieces = [Hash256]

/// The result of checking one chunk.
struct VerifyChunkResult: Sendable {
    let number: UInt64
    /// The number of entries in the chunk.
    let count: Int
    /// The subtrees of all its entries.
    let pieces: VerifyPieces
    /// The subtrees up to each size whose root was asked for.
    let wanted: [(size: UInt64, pieces: VerifyPieces)]
    /// The subtrees in the chunk whose hashes were asked for.
    let nodes: [(node: VerifyNode, hash: Hash256)]
    let commits: [VerifyCommit]
    let findings: [VerifyFinding]
    let links: [VerifyLink]
    let differences: [VerifyTileDifference]
}
