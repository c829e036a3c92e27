import CSodium

/// Argon2id: a key from a passphrase, slow on purpose.
package enum Passphrase {
    /// What one guess costs.
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
    package static func key(
        _ passphrase: [UInt8], salt: [UInt8], count: Int = SecretBox.keyBytes, cost: Cost
    ) throws(SodiumError) -> [UInt8] {
        Library.start()
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
