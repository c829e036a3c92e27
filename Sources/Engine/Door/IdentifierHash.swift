/// The 8-byte hash under which (source, id) is indexed.
enum IdentifierHash {
    /// FNV-1a over `source`, a zero byte and `id`, with a final avalanche so that near ids spread.
    static func of(source: String, id: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ text: String) {
            var text = text
            text.withUTF8 { bytes in
                for i in 0..<bytes.count { unsafe hash = (hash ^ UInt64(bytes[i])) &* 0x100_0000_01b3 }
            }
        }
        add(source)
        hash = hash &* 0x100_0000_01b3
        add(id)
        hash ^= hash >> 32
        hash = hash &* 0xd6e8_feb8_6659_fd93
        return hash ^ (hash >> 32)
    }
}
