import CSodium

/// An Ed25519 key pair (RFC 8032); its memory is wiped when it is destroyed.
@safe package final class SigningKey: @unchecked Sendable {
    /// The length of a seed in bytes.
    package static let seedBytes = 32

    /// The public key, 32 bytes.
    package let publicKey: PublicKey
    private let secret: UnsafeMutablePointer<UInt8>

    /// The key pair of a 32-byte seed.
    /// - Throws: `length` for any other number of bytes.
    package init(seed: [UInt8]) throws(SodiumError) {
        Libsodium.start()
        try SodiumError.require(seed, Self.seedBytes, "a signing key's seed")
        let secret = UnsafeMutablePointer<UInt8>.allocate(capacity: Int(crypto_sign_SECRETKEYBYTES))
        let bytes = unsafe [UInt8](filling: PublicKey.bytes) { out in
            _ = unsafe crypto_sign_seed_keypair(out, secret, seed)
        }
        unsafe self.secret = secret
        publicKey = try PublicKey(bytes)
    }

    /// A new key pair from the system's random numbers.
    package static func generate() -> SigningKey {
        do throws(SodiumError) { return try SigningKey(seed: Random.bytes(seedBytes)) } catch {
            preconditionFailure("\(error)")
        }
    }

    deinit {
        unsafe sodium_memzero(secret, Int(crypto_sign_SECRETKEYBYTES))
        unsafe secret.deallocate()
    }

    /// The seed, for writing the key file.
    package var seed: [UInt8] {
        unsafe [UInt8](filling: Self.seedBytes) { out in _ = unsafe crypto_sign_ed25519_sk_to_seed(out, secret) }
    }

    /// The 64-byte signature of a message.
    package func sign(_ message: [UInt8]) -> [UInt8] {
        unsafe [UInt8](filling: PublicKey.signatureBytes) { out in
            _ = unsafe message.withBytes { start, count in
                unsafe crypto_sign_detached(out, nil, start, UInt64(count), secret)
            }
        }
    }
}

/// An Ed25519 public key.
package struct PublicKey: Hashable, Sendable {
    /// The length of a public key in bytes.
    package static let bytes = 32
    /// The length of a signature in bytes.
    package static let signatureBytes = 64

    /// The key as RFC 8032 encodes it.
    package let encoded: [UInt8]

    /// A key of 32 bytes; that it is a point of the curve is only known when it verifies something.
    /// - Throws: `length` for any other number of bytes.
    package init(_ encoded: [UInt8]) throws(SodiumError) {
        try SodiumError.require(encoded, Self.bytes, "a public key")
        self.encoded = encoded
    }

    /// Returns whether a signature over the message is valid under this key, by libsodium's strict rules: no point of
    /// low order, no second encoding of a point or scalar.
    package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        Libsodium.start()
        guard signature.count == Self.signatureBytes else { return false }
        return unsafe message.withBytes { start, count in
            unsafe crypto_sign_verify_detached(signature, start, UInt64(count), encoded) == 0
        }
    }
}
