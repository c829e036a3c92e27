import Sodium
import TransparencyLog

extension KeyFile {
    /// The length of a key made by `key(for:)`, in bytes.
    package static let purposeKeyBytes = 32

    /// A key of its own for another purpose than signing: BLAKE2b-256, keyed by the signing seed, over the purpose's name.
    package func key(for purpose: String, passphrase: [UInt8]? = nil) throws(KeyFileError) -> [UInt8] {
        let seed = try seed(passphrase: passphrase)
        do throws(SodiumError) {
            return try KeyedHash.blake2b(Array(purpose.utf8), key: seed, count: Self.purposeKeyBytes)
        } catch {
            throw .malformed(path: path, why: "\(error)")
        }
    }
}

extension EventLog {
    /// Makes an empty log that the key in a file signs; the log's name is the key's.
    /// - Returns: the verifier key.
    package static func create(
        directory: String, keyFile: KeyFile, passphrase: [UInt8]? = nil, mapSize: Int = LogFormat.mapBytesDefault
    ) throws -> String {
        let key = try keyFile.signer(passphrase: passphrase).verifierKey
        try create(directory: directory, origin: key.name, verifierKey: key, mapSize: mapSize)
        return key.description
    }
}
