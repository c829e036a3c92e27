import CSodium

/// libsodium, initialised once per process.
enum Libsodium {
    private static let isReady: Bool = sodium_init() >= 0

    /// Makes sure that libsodium is initialised; stops the process if it cannot run on this machine.
    @inline(__always)
    static func start() { precondition(isReady, "libsodium could not be initialised") }
}

extension [UInt8] {
    /// Lends the bytes in place, at an address that is never null.
    func withBytes<R>(_ body: (UnsafePointer<UInt8>, Int) -> R) -> R {
        unsafe withUnsafeBufferPointer { buffer in
            if let start = buffer.baseAddress { return unsafe body(start, buffer.count) }
            return unsafe withUnsafePointer(to: 0) { unsafe body($0, 0) }
        }
    }

    /// `count` bytes that a C function fills in.
    init(filling count: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        unsafe self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
            if let start = buffer.baseAddress { unsafe fill(start) }
            initialized = count
        }
    }
}

/// The reason a cryptographic call fails.
package enum SodiumError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An input has the wrong number of bytes.
    case length(what: String, expected: Int, found: Int)
    /// A sealed text was changed, or the key is another one.
    case notAuthentic
    /// There is not enough memory for the password hash.
    case memory

    /// The message, on one line.
    package var description: String {
        switch self {
        case .length(let what, let expected, let found): "\(what) must have \(expected) bytes, not \(found)"
        case .notAuthentic: "the sealed text is not authentic: it was changed, or the key is another one"
        case .memory: "not enough memory to hash the passphrase"
        }
    }

    static func require(_ bytes: [UInt8], _ expected: Int, _ what: StaticString) throws(SodiumError) {
        if bytes.count != expected {
            throw .length(what: what.description, expected: expected, found: bytes.count)
        }
    }
}

/// BLAKE2b with a key: a digest that only a holder of the key can make or check.
package enum KeyedHash {
    /// A digest of `count` bytes (16 to 64) under a key of 16 to 64 bytes.
    /// - Throws: `length` for a key or a digest of fewer than 16 or more than 64 bytes.
    package static func blake2b(_ message: [UInt8], key: [UInt8], count: Int = 32) throws(SodiumError) -> [UInt8] {
        Libsodium.start()
        guard (16...64).contains(key.count) else { throw .length(what: "a hash key", expected: 32, found: key.count) }
        guard (16...64).contains(count) else { throw .length(what: "a keyed hash", expected: 32, found: count) }
        return unsafe [UInt8](filling: count) { out in
            unsafe message.withBytes { start, size in
                _ = unsafe crypto_generichash(out, count, start, UInt64(size), key, key.count)
            }
        }
    }

    /// Returns whether two byte strings are equal, in time that does not depend on where they differ.
    package static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        Libsodium.start()
        guard a.count == b.count else { return false }
        return unsafe sodium_memcmp(a, b, a.count) == 0
    }
}

/// The system's random numbers, for keys and nonces only; decisions never see them.
package enum Random {
    /// `count` unpredictable bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        Libsodium.start()
        return unsafe [UInt8](filling: count) { out in unsafe randombytes_buf(out, count) }
    }
}
