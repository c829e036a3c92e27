import AgentKit
import LMDB

/// The rows of one table in `views/`, as the reader's snapshot has them.
final class ViewRows: StoredRows {
    private let table: NamedTable
    private let reader: ReadTransaction

    init(_ table: NamedTable, _ reader: ReadTransaction) {
        self.table = table
        self.reader = reader
    }

    func row(_ key: UnsafeRawBufferPointer) -> [UInt8]? {
        guard key.count <= ViewKey.plainBytesMax else {
            let key = unsafe String(decoding: key, as: UTF8.self)
            return table.read { () throws(LMDBError) in try reader.get(table, ViewKey.stored(key)) }.map(
                ViewKey.unwrapped)
        }
        return unsafe withUnsafeTemporaryAllocation(byteCount: key.count + 1, alignment: 1) { stored in
            unsafe stored[0] = ViewKey.mark
            unsafe UnsafeMutableRawBufferPointer(rebasing: stored[1...]).copyMemory(from: key)
            return table.read { () throws(LMDBError) in
                unsafe try reader.get(table, UnsafeRawBufferPointer(stored)).map { unsafe [UInt8]($0) }
            }
        }
    }

    func forEachKey(from: String, _ body: (String) -> Bool) {
        var cursor = table.read { () throws(LMDBError) in try reader.cursor(table) }
        var item = table.read { () throws(LMDBError) in
            try from.isEmpty ? cursor.first() : cursor.seek(ViewKey.stored(from))
        }
        while let found = item {
            let key = unsafe ViewKey.key(found.key, found.value)
            guard body(key) else { return }
            item = table.read { () throws(LMDBError) in try cursor.next() }
        }
    }
}

extension NamedTable {
    /// Calls `body` with the key and the stored form of each row, in the order of their stored keys, until it returns
    /// false.
    func forEachRow(_ reader: ReadTransaction, _ body: (String, [UInt8]) -> Bool) throws(LMDBError) {
        var cursor = try reader.cursor(self)
        var item = try cursor.first()
        while let found = item {
            let key = unsafe ViewKey.key(found.key, found.value)
            guard unsafe body(key, ViewKey.row(found.value, of: key)) else { return }
            item = try cursor.next()
        }
    }

    /// Reads this table of the views. A row that cannot be read is not one that is missing: deciding without it would be
    /// wrong for ever. The next start makes the views again.
    func read<R: ~Copyable>(_ body: () throws(LMDBError) -> R) -> R {
        do throws(LMDBError) { return try body() } catch { Notice.end("\(error), in table `\(name)` of the views") }
    }
}

/// The form in which keys of rows are stored: LMDB takes none that is empty or longer than 511 bytes.
enum ViewKey {
    /// Stands before every key.
    static let mark: UInt8 = 0x20
    /// Longer keys are stored as their first bytes and a hash, with the whole key before the row.
    static let plainBytesMax = 480
    private static let longPrefixBytes = 400

    static func stored(_ key: String) -> [UInt8] {
        let bytes = Array(key.utf8)
        guard bytes.count > plainBytesMax else { return [mark] + bytes }
        let hash = IdentifierHash.of(source: key, id: "")
        return unsafe [mark] + bytes[..<longPrefixBytes] + withUnsafeBytes(of: hash.bigEndian) { unsafe Array($0) }
            + [UInt8](repeating: 0, count: plainBytesMax - longPrefixBytes)
    }

    static func key(_ stored: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> String {
        guard stored.count > 0 else { return "" }
        guard stored.count - 1 > plainBytesMax else {
            return unsafe String(decoding: UnsafeRawBufferPointer(rebasing: stored[1...]), as: UTF8.self)
        }
        var reader = RowReader(unsafe Array(value))
        return (try? reader.text()) ?? ""
    }

    /// The stored value of a row.
    static func value(_ value: [UInt8], of key: String) -> [UInt8] {
        guard key.utf8.count > plainBytesMax else { return value }
        var writer = RowWriter()
        writer.text(key)
        return writer.bytes + value
    }

    /// The row of a key in its stored value.
    static func row(_ value: UnsafeRawBufferPointer, of key: String) -> [UInt8] {
        let bytes = unsafe [UInt8](value)
        return key.utf8.count > plainBytesMax ? unwrapped(bytes) : bytes
    }

    static func unwrapped(_ bytes: [UInt8]) -> [UInt8] {
        var reader = RowReader(bytes)
        guard (try? reader.octets()) != nil else { return bytes }
        return Array(reader.rest)
    }
}
