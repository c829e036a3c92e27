import CSodium

/// XSalsa20-Poly1305 under a 32-byte key (libsodium's secretbox).
package enum SecretBox {
    /// The length of a key in bytes.
    package static let keyBytes = 32
    /// The length of a nonce in bytes.
    package static let nonceBytes = 24
    /// How much longer a sealed text is.
    package static let tagBytes = 16

    /// Seals a text. A nonce must be used once a key.
    package static func seal(_ text: [UInt8], key: [UInt8], nonce: [UInt8]) throws(SodiumError) -> [UInt8] {
        Library.start()
        try SodiumError.require(key, keyBytes, "a secretbox key")
        try SodiumError.require(nonce, nonceBytes, "a secretbox nonce")
        return unsafe [UInt8](filling: text.count + tagBytes) { out in
            _ = unsafe text.withBytes { start, count in
                unsafe crypto_secretbox_easy(out, start, UInt64(count), nonce, key)
            }
        }
    }

    /// Opens a sealed text.
    package static func open(_ sealed: [UInt8], key: [UInt8], nonce: [UInt8]) throws(SodiumError) -> [UInt8] {
        Library.start()
        try SodiumError.require(key, keyBytes, "a secretbox key")
        try SodiumError.require(nonce, nonceBytes, "a secretbox nonce")
        guard sealed.count >= tagBytes else { throw .notAuthentic }
        var isAuthentic = false
        let text = unsafe [UInt8](filling: sealed.count - tagBytes) { out in
            unsafe sealed.withBytes { start, count in
                isAuthentic = unsafe crypto_secretbox_open_easy(out, start, UInt64(count), nonce, key) == 0
            }
        }
        guard isAuthentic else { throw .notAuthentic }
        return text
    }
}
