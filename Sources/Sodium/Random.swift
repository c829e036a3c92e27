import CSodium

/// The system's random numbers, for keys and nonces only; decisions never see them.
package enum Random {
    /// `count` unpredictable bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        Library.start()
        return unsafe [UInt8](filling: count) { out in unsafe randombytes_buf(out, count) }
    }
}
