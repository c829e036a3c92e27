import TransparencyLog

/// How fast this machine hashes: what verification is measured against.
enum HashLimit {
    /// Hashes `count` leaves of `bytes` bytes each on one core; gives the last hash, so that the work is done.
    @discardableResult
    static func run(count: Int, bytes: Int) -> String {
        var leaf = [UInt8](repeating: 0x61, count: max(bytes, 32))
        var hash = leafHash(leaf)
        for _ in 0..<count {
            // Each leaf differs from the one before, as entries do.
            unsafe leaf.withUnsafeMutableBytes { unsafe hash.write(into: $0) }
            hash = leafHash(leaf)
        }
        return hash.base64
    }
}
