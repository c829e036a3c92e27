import EventLog

/// The form of keys in `was`: the table's name, a zero, the row's stored key, a zero, and the mark in 8 bytes, the most
/// significant first. So the records of one row stand together, the older mark first, and rows in the order that they
/// have in their own table. A key that has a zero itself, or is too long for that, is hashed and lies before all others
/// of its table; its records begin with the key.
struct PastKey {
    /// Everything but the mark.
    let prefix: [UInt8]
    let isHashed: Bool
    let row: [UInt8]

    /// LMDB takes no longer keys.
    private static let bytesMax = 511
    static let markBytes = 8
    /// Stands before hashed keys, and below `ViewKey.mark`.
    private static let hashedMark: UInt8 = 0x01

    init(_ table: String, _ row: [UInt8]) {
        self.row = row
        let head = Self.head(table)
        isHashed = row.contains(0) || head.count + row.count + 1 + Self.markBytes > Self.bytesMax
        prefix =
            isHashed
            ? Self.hashedHead(table) + EntryChain.digest(row).utf8 + [0]
            : head + row + [0]
    }

    func at(_ mark: UInt64) -> [UInt8] { prefix + Self.bytes(mark) }

    static func bytes<N: FixedWidthInteger>(_ number: N) -> [UInt8] {
        unsafe withUnsafeBytes(of: number.bigEndian) { unsafe Array($0) }
    }

    /// The first bytes of all keys of a table.
    static func head(_ table: String) -> [UInt8] { Array(table.utf8) + [0] }

    /// The first bytes of a table's hashed keys.
    static func hashedHead(_ table: String) -> [UInt8] { head(table) + [hashedMark] }

    /// The stored form of what was at a mark.
    func value(_ row: [UInt8]?) -> [UInt8] {
        var bytes: [UInt8] = []
        if isHashed {
            bytes += Self.bytes(UInt32(self.row.count)) + self.row
        }
        return bytes + (row.map { [1] + $0 } ?? [0])
    }
}

/// A record of `was`, read where it lies.
@safe struct PastRecord {
    /// The row's stored key.
    let row: UnsafeRawBufferPointer
    let mark: UInt64
    /// The row's stored value; nil where there was none.
    let value: UnsafeRawBufferPointer?

    /// - Parameter head: the number of bytes before the row's key.
    /// - Returns: nil for bytes that this program did not write.
    init?(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, head: Int, isHashed: Bool) {
        let rowEnd = key.count - PastKey.markBytes - 1
        guard rowEnd > head, unsafe key[rowEnd] == 0 else { return nil }
        mark = unsafe UInt64(bigEndian: key.loadUnaligned(fromByteOffset: rowEnd + 1, as: UInt64.self))
        var start = 0
        if isHashed {
            guard value.count > 4 else { return nil }
            let count = Int(unsafe UInt32(bigEndian: value.loadUnaligned(as: UInt32.self)))
            guard value.count > 4 + count else { return nil }
            unsafe row = UnsafeRawBufferPointer(rebasing: value[4..<4 + count])
            start = 4 + count
        } else {
            unsafe row = UnsafeRawBufferPointer(rebasing: key[head..<rowEnd])
        }
        guard value.count > start else { return nil }
        unsafe self.value = unsafe value[start] == 0 ? nil : UnsafeRawBufferPointer(rebasing: value[(start + 1)...])
    }
}
