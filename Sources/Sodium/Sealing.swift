import CSodium

/// XChaCha20-Poly1305 with associated data (IETF construction).
package enum AEAD {
    /// The length of a key in bytes.
    package static let keyBytes = 32
    /// The length of a nonce in bytes.
    package static let nonceBytes = 24
    /// The number of bytes by which sealing lengthens a text.
    package static let tagBytes = 16

    /// Seals a text and binds it to `associated`. A nonce must be used only once per key.
    /// - Throws: `length` for a key or nonce of another length.
    package static func seal(
        _ text: [UInt8], associated: [UInt8] = [], key: [UInt8], nonce: [UInt8]
    ) throws(SodiumError) -> [UInt8] {
        Libsodium.start()
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
    /// - Throws: `length` for a key or nonce of another length, `notAuthentic` if the text was changed or the key is
    ///   another.
    package static func open(
        _ sealed: [UInt8], associated: [UInt8] = [], key: [UInt8], nonce: [UInt8]
    ) throws(SodiumError) -> [UInt8] {
        Libsodium.start()
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

/// XSalsa20-Poly1305 under a 32-byte key (libsodium's secretbox).
package enum SecretBox {
    /// The length of a key in bytes.
    package static let keyBytes = 32
    /// The length of a nonce in bytes.
    package static let nonceBytes = 24
    /// The number of bytes by which sealing lengthens a text.
    package static let tagBytes = 16

    /// Seals a text. A nonce must be used only once per key.
    /// - Throws: `length` for a key or nonce of another length.
    package static func seal(_ text: [UInt8], key: [UInt8], nonce: [UInt8]) throws(SodiumError) -> [UInt8] {
        Libsodium.start()
        try SodiumError.require(key, keyBytes, "a secretbox key")
        try SodiumError.require(nonce, nonceBytes, "a secretbox nonce")
        return unsafe [UInt8](filling: text.count + tagBytes) { out in
            _ = unsafe text.withBytes { start, count in
                unsafe crypto_secretbox_easy(out, start, UInt64(count), nonce, key)
            }
        }
    }

    /// Opens a sealed text.
    /// - Throws: `length` for a key or nonce of another length, `notAuthentic` if the text was changed or the key is
    ///   another.
    package static func open(_ sealed: [UInt8], key: [UInt8], nonce: [UInt8]) throws(SodiumError) -> [UInt8] {
        Libsodium.start()
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

/// Argon2id: a key from a passphrase, slow on purpose.
package enum Passphrase {
    /// The cost of one guess.
    package struct Cost: Hashable, Sendable {
        /// Passes over the memory.
        package let operations: UInt64
        /// Memory in bytes.
        package let memoryBytes: Int

        /// A cost; libsodium asks for at least 1 pass and 8 KiB.
        package init(operations: UInt64, memoryBytes: Int) {
            self.operations = operations
            self.memoryBytes = memoryBytes
        }

        /// libsodium's moderate cost: 3 passes over 256 MiB.
        package static let moderate = Cost(operations: 3, memoryBytes: 256 << 20)
        /// libsodium's interactive cost: 2 passes over 64 MiB.
        package static let interactive = Cost(operations: 2, memoryBytes: 64 << 20)
    }

    /// The length of a salt in bytes.
    package static let saltBytes = 16

    /// A key of `count` bytes.
    /// - Throws: `length` for a salt of another length, `memory` where there is too little for the cost.
    package static func key(
        _ passphrase: [UInt8], salt: [UInt8], count: Int = SecretBox.keyBytes, cost: Cost
    ) throws(SodiumError) -> [UInt8] {
        Libsodium.start()
        try SodiumError.require(salt, saltBytes, "a salt")
        var code: Int32 = -1
        let key = unsafe [UInt8](filling: count) { out in
            unsafe passphrase.withBytes { start, size in
                unsafe start.withMemoryRebound(to: CChar.self, capacity: size) { characters in
                    code = unsafe crypto_pwhash(
                        out, UInt64(count), characters, UInt64(size), salt, cost.operations, cost.memoryBytes,
                        crypto_pwhash_ALG_ARGON2ID13)
                }
            }
        }
        guard code == 0 else { throw .memory }
        return key
    }
}
