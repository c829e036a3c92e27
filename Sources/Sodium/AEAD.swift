import CSodium

/// XChaCha20-Poly1305 with associated data (IETF construction).
package enum AEAD {
    /// The length of a key in bytes.
    package static let keyBytes = 32
    /// The length of a nonce in bytes.
    package static let nonceBytes = 24
    /// How much longer a sealed text is.
    package static let tagBytes = 16

    /// Seals a text and binds it to `associated`. A nonce must be used once a key.
    package static func seal(
        _ text: [UInt8], associated: [UInt8] = [], key: [UInt8], nonce: [UInt8]
    ) throws(SodiumError) -> [UInt8] {
        Library.start()
        try SodiumError.require(key, keyBytes, "an encryption key")
        try SodiumError.require(nonce, nonceBytes, "an encryption nonce")
        return unsafe [UInt8](filling: text.count + tagBytes) { out in
            unsafe text.withBytes { start, count in
                _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                    out, nil, start, UInt64(count), associated, UInt64(associated.count), nil, nonce, key)
            }
        }
    }

    /// Opens a sealed text bound to `associated`.
    package static func open(
        _ sealed: [UInt8], associated: [UInt8] = [], key: [UInt8], nonce: [UInt8]
    ) throws(SodiumError) -> [UInt8] {
        Library.start()
        try SodiumError.require(key, keyBytes, "an encryption key")
        try SodiumError.require(nonce, nonceBytes, "an encryption nonce")
        guard sealed.count >= tagBytes else { throw .notAuthentic }
        var isAuthentic = false
        let text = unsafe [UInt8](filling: sealed.count - tagBytes) { out in
            unsafe sealed.withBytes { start, count in
                let code = unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                    out, nil, nil, start, UInt64(count), associated, UInt64(associated.count), nonce, key)
                isAuthentic = code == 0
            }
        }
        guard isAuthentic else { throw .notAuthentic }
        return text
    }
}
