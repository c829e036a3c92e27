import Sodium

/// The seed from which all persons' keys of a fixture's or test's ledger follow, sealed in `keys/seed`.
enum PersonSeed {
    static let seedBytes = 32
    private static let prefix = "docket/v1/person\n"

    private static func path(_ directory: String) -> String { directory + "/seed" }

    /// BLAKE2b-256, keyed by the seed, over `docket/v1/person`, a line feed and the person's id.
    static func key(of userId: String, seed: [UInt8]) -> [UInt8] {
        guard let key = try? KeyedHash.blake2b(Array((prefix + userId).utf8), key: seed, count: AEAD.keyBytes) else {
            preconditionFailure("a person seed of \(seed.count) bytes")
        }
        return key
    }

    /// Reads a seed given to `init`: 32 bytes, or 64 hexadecimal digits with or without a line feed.
    static func read(file: String) throws(ServiceError) -> [UInt8] {
        let bytes = try ServiceFiles.read(file)
        if bytes.count == seedBytes { return bytes }
        let digits = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        var seed: [UInt8] = []
        for start in stride(from: 0, to: digits.count - 1, by: 2) {
            let pair = String(
                decoding: digits[digits.startIndex + start..<digits.startIndex + start + 2], as: UTF8.self)
            guard pair.utf8.first != UInt8(ascii: "+"), let byte = UInt8(pair, radix: 16) else { break }
            seed.append(byte)
        }
        guard seed.count == seedBytes, digits.count == 2 * seedBytes else {
            throw ServiceError("`\(file)` is no person seed: 32 bytes, or 64 hexadecimal digits")
        }
        return seed
    }

    static func write(_ seed: [UInt8], directory: String, ledgerKey: [UInt8]) throws(ServiceError) {
        let nonce = Random.bytes(SecretBox.nonceBytes)
        guard let box = try? SecretBox.seal(seed, key: ledgerKey, nonce: nonce) else {
            throw ServiceError("the person seed cannot be sealed")
        }
        try ServiceFiles.write(nonce + box, to: path(directory))
    }

    /// The ledger's seed; nil where its keys are random.
    static func read(directory: String, ledgerKey: [UInt8]) throws(ServiceError) -> [UInt8]? {
        let path = path(directory)
        guard ServiceFiles.exists(path) else { return nil }
        let bytes = try ServiceFiles.read(path)
        guard bytes.count > SecretBox.nonceBytes,
            let seed = try? SecretBox.open(
                Array(bytes[SecretBox.nonceBytes...]), key: ledgerKey, nonce: Array(bytes[..<SecretBox.nonceBytes]))
        else { throw ServiceError("`\(path)` was not written by this ledger, or was changed") }
        return seed
    }
}
