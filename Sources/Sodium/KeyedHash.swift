import CSodium

/// BLAKE2b with a key: a digest that only a holder of the key can make or check.
package enum KeyedHash {
    /// A digest of `count` bytes (16 to 64) under a key of 16 to 64 bytes.
    package static func blake2b(_ message: [UInt8], key: [UInt8], count: Int = 32) throws(SodiumError) -> [UInt8] {
        Library.start()
        guard (16...64).contains(key.count) else { throw .length(what: "a hash key", expected: 32, found: key.count) }
        guard (16...64).contains(count) else { throw .length(what: "a keyed hash", expected: 32, found: count) }
        return unsafe [UInt8](filling: count) { out in
            unsafe message.withBytes { start, size in
                _ = unsafe crypto_generichash(out, count, start, UInt64(size), key, key.count)
            }
        }
    }

    /// Whether two byte strings are equal, in time that does not depend on where they differ.
    package static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        Library.start()
        guard a.count == b.count else { return false }
        return unsafe sodium_memcmp(a, b, a.count) == 0
    }
}
