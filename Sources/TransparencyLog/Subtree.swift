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
    package static func root<E: Error>(
        size: UInt64, _ node: (Int, UInt64) throws(E) -> Hash256
    ) throws(E) -> Hash256 {
        size == 0 ? emptyTreeHash : try hash(0..<size, node)
    }
}
