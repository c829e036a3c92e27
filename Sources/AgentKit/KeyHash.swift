/// A fast hash of short keys, different in each process: its order is never seen.
enum KeyHash {
    private static let seed = UInt64(truncatingIfNeeded: "docket".hashValue) | 1

    /// Eight bytes at a time, each step a folded multiplication (as in wyhash).
    static func of(_ key: UnsafeRawBufferPointer) -> UInt64 {
        let count = key.count
        var hash = seed ^ UInt64(truncatingIfNeeded: count)
        guard count >= 8 else {
            var word: UInt64 = 0
            for index in 0..<count { word = unsafe word << 8 | UInt64(key[index]) }
            return mix(hash ^ word)
        }
        var offset = 0
        while offset + 8 < count {
            hash = unsafe mix(hash ^ key.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        return unsafe mix(hash ^ key.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
    }

    @inline(__always) private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}
