/// The right edge of a growing Merkle tree: all that is needed to append leaves, compute the root and write tiles.
///
/// A value type: a commit works on a copy and keeps it only once the commit is durable.
package struct TreeAppender: Sendable {
    /// The number of leaves.
    package private(set) var size: UInt64
    /// At index l the complete subtree of 2^l leaves, if bit l of `size` is set.
    private var edge: [Hash256]
    /// The hashes of the incomplete tile at each level of tiles; empty if the last one is full.
    private var partial: [[Hash256]]

    /// The empty tree.
    package init() {
        size = 0
        edge = [Hash256](repeating: Hash256(), count: 64)
        partial = [[]]
    }

    /// The tree of `size` leaves, from a source that returns the hashes of a tile by level and index.
    ///
    /// Only the incomplete tile at each level is requested; nil if the source returns too few hashes.
    /// - Throws: what the source throws.
    package init?<E: Error>(size: UInt64, _ load: (Int, UInt64) throws(E) -> [Hash256]) throws(E) {
        self.init()
        self.size = size
        partial = []
        var level = 0
        while level < 8, level == 0 || size >> UInt64(8 * level) > 0 {
            let count = size >> UInt64(8 * level)
            let width = Int(count & 255)
            let hashes = width == 0 ? [] : try load(level, count >> 8)
            guard hashes.count >= width else { return nil }
            partial.append(Array(hashes.prefix(width)))
            for bit in 0..<8 where width >> bit & 1 == 1 {
                let start = (width >> (bit + 1)) << (bit + 1)
                edge[8 * level + bit] = TileNodes<Never>.root(hashes[start..<(start + (1 << bit))])
            }
            level += 1
        }
    }

    /// Appends a leaf hash. Each tile that it fills is passed to `onFullTile` as level, index and 256 hashes.
    /// - Throws: what `onFullTile` throws.
    package mutating func append<E: Error>(
        _ leaf: Hash256, onFullTile: (Int, UInt64, [Hash256]) throws(E) -> Void
    ) throws(E) {
        var hash = leaf
        var level = 0
        while true {
            if level & 7 == 0 { try push(hash, tileLevel: level >> 3, onFullTile) }
            guard size >> UInt64(level) & 1 == 1 else { break }
            hash = nodeHash(edge[level], hash)
            level += 1
        }
        edge[level] = hash
        size += 1
    }

    private mutating func push<E: Error>(
        _ hash: Hash256, tileLevel: Int, _ onFullTile: (Int, UInt64, [Hash256]) throws(E) -> Void
    ) throws(E) {
        if tileLevel == partial.count { partial.append([]) }
        partial[tileLevel].append(hash)
        guard partial[tileLevel].count == TilePath.widthMax else { return }
        try onFullTile(tileLevel, size >> UInt64(8 * (tileLevel + 1)), partial[tileLevel])
        partial[tileLevel].removeAll(keepingCapacity: true)
    }

    /// Calls `body` with every incomplete tile that has grown since the tree had `old` leaves: level, index and its
    /// hashes.
    package func forEachPartialTile<E: Error>(
        grownSince old: UInt64, _ body: (Int, UInt64, [Hash256]) throws(E) -> Void
    ) throws(E) {
        for (level, hashes) in partial.enumerated() where !hashes.isEmpty {
            let shift = UInt64(8 * level)
            if old >> shift != size >> shift { try body(level, size >> (shift + 8), hashes) }
        }
    }

    /// The root of the tree.
    package func root() -> Hash256 {
        guard size > 0 else { return emptyTreeHash }
        let first = size.trailingZeroBitCount
        var hash = edge[first]
        for level in (first + 1)..<64 where size >> UInt64(level) & 1 == 1 { hash = nodeHash(edge[level], hash) }
        return hash
    }
}

/// Hashes of parts of a tree from the hashes of its complete subtrees.
///
/// A source gives the hash of the complete subtree number `index` of 2^`level` leaves.
package enum Subtree {
    /// The largest power of two below `count`, which is at least 2.
    static func split(_ count: UInt64) -> UInt64 { 1 << UInt64(63 - (count - 1).leadingZeroBitCount) }

    /// The hash over the leaves of a range that starts at a multiple of the next power of two.
    static func hash<E: Error>(
        _ range: Range<UInt64>, _ node: (Int, UInt64) throws(E) -> Hash256
    ) throws(E) -> Hash256 {
        let count = range.upperBound - range.lowerBound
        if count & (count - 1) == 0 {
            let level = count.trailingZeroBitCount
            return try node(level, range.lowerBound >> UInt64(level))
        }
        let middle = range.lowerBound + split(count)
        let left = try hash(range.lowerBound..<middle, node)
        return nodeHash(left, try hash(middle..<range.upperBound, node))
    }

    /// The root of the tree over the first `size` leaves.
    /// - Throws: what `node` throws.
    package static func root<E: Error>(
        size: UInt64, _ node: (Int, UInt64) throws(E) -> Hash256
    ) throws(E) -> Hash256 {
        size == 0 ? emptyTreeHash : try hash(0..<size, node)
    }
}

/// Reads the hashes of complete subtrees out of tiles, keeping the last tile read at each level.
package struct TileNodes<Failure: Error> {
    private let load: (Int, UInt64, Int) throws(Failure) -> [Hash256]
    private var cache: [(index: UInt64, hashes: [Hash256])?] = []

    /// A reader over a source that returns the hashes of a tile by level, index and required width.
    ///
    /// The source must throw if it has fewer hashes than that.
    package init(_ load: @escaping (Int, UInt64, Int) throws(Failure) -> [Hash256]) { self.load = load }

    /// The hash of the complete subtree number `index` of 2^`level` leaves.
    /// - Throws: what the source throws.
    package mutating func node(_ level: Int, _ index: UInt64) throws(Failure) -> Hash256 {
        let tileLevel = level / 8, height = level % 8
        let first = index << UInt64(height)
        let start = Int(first & 255), end = start + (1 << height)
        return Self.root(try tile(tileLevel, first >> 8, end)[start..<end])
    }

    private mutating func tile(_ level: Int, _ index: UInt64, _ width: Int) throws(Failure) -> [Hash256] {
        while cache.count <= level { cache.append(nil) }
        if let kept = cache[level], kept.index == index, kept.hashes.count >= width { return kept.hashes }
        let hashes = try load(level, index, width)
        precondition(hashes.count >= width, "a tile source gave too few hashes")
        cache[level] = (index, hashes)
        return hashes
    }

    /// The hash over a power of two of hashes of one level.
    package static func root(_ hashes: ArraySlice<Hash256>) -> Hash256 {
        guard hashes.count > 1 else { return hashes[hashes.startIndex] }
        let middle = hashes.startIndex + hashes.count / 2
        return nodeHash(root(hashes[..<middle]), root(hashes[middle...]))
    }
}
