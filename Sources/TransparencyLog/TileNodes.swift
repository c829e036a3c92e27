/// Reads the hashes of complete subtrees out of tiles, keeping the last tile read at each level.
package struct TileNodes<Failure: Error> {
    private let load: (Int, UInt64, Int) throws(Failure) -> [Hash256]
    private var cache: [(index: UInt64, hashes: [Hash256])?] = []

    /// A reader over a source that gives the hashes of a tile by level, index and the width that is needed.
    ///
    /// The source must throw where it has fewer hashes than that.
    package init(_ load: @escaping (Int, UInt64, Int) throws(Failure) -> [Hash256]) { self.load = load }

    /// The hash of the complete subtree number `index` of 2^`level` leaves.
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
