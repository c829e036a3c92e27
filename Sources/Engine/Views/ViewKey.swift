import AgentKit

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
        guard stored.count - 1 > plainBytesMax else {
            return unsafe String(decoding: UnsafeRawBufferPointer(rebasing: stored[1...]), as: UTF8.self)
        }
        var reader = RowReader(unsafe Array(value))
        return (try? reader.text()) ?? ""
    }

    /// What is stored for a row under a key.
    static func value(_ value: [UInt8], of key: String) -> [UInt8] {
        guard key.utf8.count > plainBytesMax else { return value }
        var writer = RowWriter()
        writer.text(key)
        return writer.bytes + value
    }

    static func unwrapped(_ bytes: [UInt8]) -> [UInt8] {
        var reader = RowReader(bytes)
        guard let key = try? reader.text() else { return bytes }
        var writer = RowWriter()
        writer.text(key)
        return Array(bytes[writer.bytes.count...])
    }
}
