import CSodium

/// An Ed25519 public key.
package struct PublicKey: Hashable, Sendable {
    /// The length of a public key in bytes.
    package static let bytes = 32
    /// The length of a signature in bytes.
    package static let signatureBytes = 64

    /// The key as RFC 8032 encodes it.
    package let encoded: [UInt8]

    /// A key of 32 bytes. That it is a point of the curve is only known when it verifies something.
    package init(_ encoded: [UInt8]) throws(SodiumError) {
        try SodiumError.require(encoded, Self.bytes, "a public key")
        self.encoded = encoded
    }

    /// Whether a signature is one of this key over the message, by libsodium's strict rules: no point of low order, no
    /// second encoding of a point or scalar.
    package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        Library.start()
        guard signature.count == Self.signatureBytes else { return false }
        return unsafe message.withBytes { start, count in
            unsafe crypto_sign_verify_detached(signature, start, UInt64(count), encoded) == 0
        }
    }
}
