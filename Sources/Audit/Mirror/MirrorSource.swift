import TransparencyLog

/// The place that a mirror copies from: a tlog-tiles directory (c2sp.org/tlog-tiles) behind some connection. Nothing of
/// what it gives is trusted.
package protocol MirrorSource: AnyObject {
    /// Reads a file of the directory; nil if there is none.
    /// - Parameters:
    ///   - path: from the directory, as `checkpoint` or `tile/0/000`.
    ///   - bytesMax: the length beyond which it is refused.
    /// - Throws: `MirrorTrouble` if there is no answer, or a longer one.
    func read(_ path: String, bytesMax: Int) throws(MirrorTrouble) -> [UInt8]?
}

/// The reason why a round of a mirror came to nothing: what answers is out of reach or out of order, which says nothing
/// about the log. The next round may succeed.
package struct MirrorTrouble: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// The tiles and entry bundles of a tree of one size, read from a source and held to the lengths that they must have.
struct MirrorTiles {
    let source: any MirrorSource
    let size: UInt64

    private static let bundleBytesMax = TilePath.widthMax * (2 + EntryBundle.entryBytesMax)

    /// The hashes of a tile, as many as a tree of the size has there.
    func hashes(level: Int, index: UInt64, width: Int) throws(MirrorTrouble) -> [Hash256] {
        let count = Self.width(size >> UInt64(8 * level), index)
        guard count >= width else { throw MirrorTrouble("a tile that the tree does not have was asked for") }
        let (bytes, place) = try file(.hashes(level: level), index, count, TilePath.widthMax * Hash256.bytes)
        guard bytes.count == place.width * Hash256.bytes else {
            throw MirrorTrouble("`\(place.path)` has \(bytes.count) bytes, not \(place.width * Hash256.bytes)")
        }
        return VerifyTilesSource.hashes(bytes)
    }

    /// The entries of a bundle, from the one with a sequence on, as many as the tree has there.
    func entries(from sequence: UInt64) throws(MirrorTrouble) -> [ArraySlice<UInt8>] {
        let index = sequence / UInt64(TilePath.widthMax)
        let count = Self.width(size, index)
        let (bytes, place) = try file(.entries, index, count, Self.bundleBytesMax)
        guard let ranges = EntryBundle.ranges(bytes), ranges.count == place.width else {
            throw MirrorTrouble("`\(place.path)` is not a bundle of \(place.width) entries")
        }
        return ranges[Int(sequence % UInt64(TilePath.widthMax))..<count].map { bytes[$0] }
    }

    private static func width(_ count: UInt64, _ index: UInt64) -> Int { VerifyTilesSource.width(count, index) }

    /// The partial file of a width or, where the source has it no more, the full one.
    private func file(
        _ content: TilePath.Content, _ index: UInt64, _ count: Int, _ bytesMax: Int
    ) throws(MirrorTrouble) -> ([UInt8], TilePath) {
        let place = TilePath(content, index: index, width: count)
        if let bytes = try source.read(place.path, bytesMax: bytesMax) { return (bytes, place) }
        let whole = TilePath(content, index: index)
        if count < TilePath.widthMax, let bytes = try source.read(whole.path, bytesMax: bytesMax) {
            return (bytes, whole)
        }
        throw MirrorTrouble("there is no `\(place.path)`")
    }
}
