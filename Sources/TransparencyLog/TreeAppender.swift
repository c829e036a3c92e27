/// The right edge of a growing tree: what is needed to append leaves, know the root and write tiles.
///
/// It is a value: a commit works on a copy and keeps it only when the commit is durable.
package struct TreeAppender: Sendable {
    /// How many leaves the tree has.
    package private(set) var size: UInt64
    /// At index l the complete subtree of 2^l leaves, where bit l of `size` is set.
    private var edge: [Hash256]
    /// The hashes of the incomplete tile at each level of tiles; empty where the last one is full.
    private var partial: [[Hash256]]

    /// The empty tree.
    package init() {
        size = 0
        edge = [Hash256](repeating: Hash256(), count: 64)
        partial = [[]]
    }

    /// The tree of `size` leaves, from a source that gives the hashes of a tile by level and index.
    ///
    /// Only the incomplete tile at each level is asked for; nil where the source gives too few hashes.
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

    /// Appends a leaf hash. Each tile that it fills is given to `onFullTile` as level, index and 256 hashes.
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

    /// Gives every incomplete tile that has grown since the tree had `old` leaves: level, index and its hashes.
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
