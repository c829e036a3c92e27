import Glibc
package import Sodium
package import TransparencyLog

/// The file of a log's signing key: an Ed25519 seed with the key's name, plain or sealed with a passphrase.
///
/// ```
/// docket-signing-key/v1
/// <name>
/// seed <base64 of 32 bytes>
/// ```
/// or, as the last line, `sealed <passes> <memory bytes> <base64(salt ‖ nonce ‖ secretbox of the seed)>` with Argon2id.
package struct KeyFile: Sendable {
    static let header = "docket-signing-key/v1"
    static let fileBytesMax = 4096

    /// The file.
    package let path: String

    /// The key file at a path; nothing is read yet.
    package init(path: String) { self.path = path }

    /// Makes the file with mode 0600; refuses one that is there. `passphrase` seals the key.
    ///
    /// A crash in here leaves no file, or a whole one.
    package func create(
        name: String, key: SigningKey, passphrase: [UInt8]? = nil, cost: Passphrase.Cost = .moderate
    ) throws(KeyFileError) {
        var line = "seed \(Base64.encode(key.seed))"
        if let passphrase {
            let salt = Random.bytes(Passphrase.saltBytes), nonce = Random.bytes(SecretBox.nonceBytes)
            do throws(SodiumError) {
                let secret = try Passphrase.key(passphrase, salt: salt, cost: cost)
                let box = try SecretBox.seal(key.seed, key: secret, nonce: nonce)
                line = "sealed \(cost.operations) \(cost.memoryBytes) \(Base64.encode(salt + nonce + box))"
            } catch {
                throw .malformed(path: path, why: "\(error)")
            }
        }
        try write(Array("\(Self.header)\n\(name)\n\(line)\n".utf8))
    }

    /// Whether a passphrase is needed.
    package func isSealed() throws(KeyFileError) -> Bool {
        if case .sealed = try contents().secret { return true }
        return false
    }

    /// Reads the key and makes the log's signer of it.
    package func signer(passphrase: [UInt8]? = nil) throws(KeyFileError) -> NoteSigner {
        let seed = try seed(passphrase: passphrase)
        do { return try NoteSigner(name: name(), key: try SigningKey(seed: seed)) } catch {
            throw .malformed(path: path, why: "\(error)")
        }
    }

    /// The name the key signs under.
    package func name() throws(KeyFileError) -> String { try contents().name }

    func seed(passphrase: [UInt8]?) throws(KeyFileError) -> [UInt8] {
        switch try contents().secret {
        case .plain(let plain): return plain
        case .sealed(let cost, let salt, let nonce, let box):
            guard let passphrase else { throw .needsPassphrase(path: path) }
            do throws(SodiumError) {
                return try SecretBox.open(
                    box, key: try Passphrase.key(passphrase, salt: salt, cost: cost), nonce: nonce)
            } catch {
                throw error == .notAuthentic
                    ? .wrongPassphrase(path: path) : .malformed(path: path, why: "\(error)")
            }
        }
    }
}
