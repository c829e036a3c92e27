import LMDB
import TransparencyLog

/// The walk of a log's tables for what the format does not name: other tables, other keys, tiles of other lengths and
/// other names in `meta`. Entries and the notes of commits are checked where they are read.
struct VerifyTables {
    static let names = ["commits", "entries", "meta", "tiles"]
    private static let tileKeyBytes = 9, levelMax: UInt8 = 7
    private static let shownBytesMax = 200

    let source: VerifyLogSource
    let transaction: ReadTransaction
    /// The number of entries that were read or signed, whichever is larger.
    let size: UInt64
    let key: VerifierKey

    func findings() throws(LMDBError) -> [VerifyFinding] {
        let names = try source.environment.tableNames(most: VerifyResult.badMax)
        let tables = names.filter { name in !Self.names.contains { $0.utf8.elementsEqual(name) } }.map { name in
            VerifyFinding(nil, .layout, "table `\(Self.shown(name))`", "no such table", "a table")
        }
        return tables + (try metaFindings()) + (try commitFindings()) + (try tileFindings())
    }

    private func metaFindings() throws(LMDBError) -> [VerifyFinding] {
        let expected = [("format", "1"), ("origin", key.name), ("verifierKey", "\(key)")]
        var findings: [VerifyFinding] = []
        for (name, value) in expected {
            let found = try transaction.get(source.meta, Array(name.utf8))
            guard !(found?.elementsEqual(value.utf8) ?? false) else { continue }
            findings.append(
                VerifyFinding(nil, .layout, "`\(name)` in `meta`", value, found.map { Self.shown($0) } ?? "none"))
        }
        var cursor = try transaction.cursor(source.meta)
        var item = try cursor.first()
        while let found = item, findings.count < VerifyResult.badMax {
            let name = unsafe [UInt8](found.key)
            if !expected.contains(where: { $0.0.utf8.elementsEqual(name) }) {
                let value = unsafe Self.shown([UInt8](found.value))
                findings.append(
                    VerifyFinding(nil, .layout, "`\(Self.shown(name))` in `meta`", "no such name", value))
            }
            item = try cursor.next()
        }
        return findings
    }

    /// A commit holds at least one entry.
    private func commitFindings() throws(LMDBError) -> [VerifyFinding] {
        var cursor = try transaction.cursor(source.commits)
        guard let first = try cursor.first(), first.integerKey == 0 else { return [] }
        return [VerifyFinding(nil, .layout, "checkpoint of 0 entries", "none", unsafe Self.shown([UInt8](first.value)))]
    }

    private func tileFindings() throws(LMDBError) -> [VerifyFinding] {
        var findings: [VerifyFinding] = []
        var cursor = try transaction.cursor(source.tiles)
        var item = try cursor.first()
        while let found = item, findings.count < VerifyResult.badMax {
            unsafe findings += tile([UInt8](found.key), byteCount: found.value.count)
            item = try cursor.next()
        }
        return findings
    }

    /// A tile has at most the hashes of the complete subtrees that there are.
    private func tile(_ key: [UInt8], byteCount: Int) -> [VerifyFinding] {
        let index = key.dropFirst().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard key.count == Self.tileKeyBytes, key[0] <= Self.levelMax,
            case let width = VerifyTilesSource.width(size >> UInt64(8 * key[0]), index), width > 0
        else {
            let found = key.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            return [VerifyFinding(nil, .layout, "key in `tiles`", "a level and an index of this log", found)]
        }
        return Self.length(
            byteCount, of: "tile \(key[0])/\(index)", width: width, first: index << UInt64(8 * key[0] + 8))
    }

    /// The finding for a tile that is not whole hashes, or has more of them than its subtrees; none for any other.
    static func length(_ byteCount: Int, of what: String, width: Int, first: UInt64) -> [VerifyFinding] {
        let isWhole = byteCount % Hash256.bytes == 0
        guard !isWhole || byteCount > width * Hash256.bytes else { return [] }
        let found = isWhole ? "\(byteCount / Hash256.bytes) hashes" : "\(byteCount) bytes"
        return [VerifyFinding(first, .tiles, what, "at most \(width) hashes", found)]
    }

    private static func shown(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(shownBytesMax), as: UTF8.self)
    }
}
