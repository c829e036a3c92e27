/// The names and limits of log format 1; `FORMAT.md` beside this file describes them.
package enum LogFormat {
    /// The format version, as `meta` holds it.
    package static let version = "1"
    /// The longest entry in bytes.
    package static let entryBytesMax = 65_535
    /// The most bytes of entries in one commit, after which it is closed.
    package static let commitBytesMax = 64 << 20
    /// The default size of the memory map in bytes: 1 TiB, sparse.
    package static let mapBytesDefault = 1 << 40

    static let entriesTable = "entries"
    static let tilesTable = "tiles"
    static let commitsTable = "commits"
    static let metaTable = "meta"
    static let formatName = Array("format".utf8)
    static let originName = Array("origin".utf8)
    static let keyName = Array("verifierKey".utf8)

    /// The key of a tile: its level, one byte, and its index, eight bytes, big-endian.
    static func tileKey(_ level: Int, _ index: UInt64) -> [UInt8] {
        [UInt8(level)] + stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: index >> UInt64($0)) }
    }
}
