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

    /// Creates the file with mode 0600; refuses to replace one. `passphrase` seals the key.
    ///
    /// A crash in here leaves no file, or a whole one.
    /// - Throws: `file` where there is one already or it cannot be written, `malformed` where sealing fails.
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

    /// Returns whether a passphrase is needed.
    /// - Throws: `file`, `mode` or `malformed` where the file cannot be used.
    package func isSealed() throws(KeyFileError) -> Bool {
        if case .sealed = try contents().secret { return true }
        return false
    }

    /// Reads the key and makes the log's signer of it.
    /// - Throws: `file`, `mode` or `malformed` where the file cannot be used, `needsPassphrase` or `wrongPassphrase`
    ///   where the key cannot be unsealed.
    package func signer(passphrase: [UInt8]? = nil) throws(KeyFileError) -> NoteSigner {
        try open(passphrase: passphrase).signer()
    }

    /// The name the key signs under.
    /// - Throws: `file`, `mode` or `malformed` where the file cannot be used.
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

extension KeyFile {
    enum Secret {
        case plain([UInt8])
        case sealed(Passphrase.Cost, salt: [UInt8], nonce: [UInt8], box: [UInt8])
    }

    /// Reads the file in its strict form.
    func contents() throws(KeyFileError) -> (name: String, secret: Secret) {
        let bytes = try read()
        guard let text = String(validating: bytes, as: UTF8.self), text.utf8.last == UInt8(ascii: "\n") else {
            throw .malformed(path: path, why: "it is not text that ends in a line feed")
        }
        let lines = text.utf8.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0].elementsEqual(Self.header.utf8) else {
            throw .malformed(path: path, why: "it has not the three lines that start with `\(Self.header)`")
        }
        let words = lines[2].split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard let secret = Self.secret(words) else {
            throw .malformed(path: path, why: "its third line is neither `seed` nor `sealed`")
        }
        return (String(Substring(lines[1])), secret)
    }

    private static func secret(_ words: [Substring.UTF8View.SubSequence]) -> Secret? {
        guard let last = words.last, let bytes = Base64.decodeStrict(last) else { return nil }
        if words.count == 2, words[0].elementsEqual("seed".utf8), bytes.count == SigningKey.seedBytes {
            return .plain(bytes)
        }
        let head = Passphrase.saltBytes + SecretBox.nonceBytes
        guard words.count == 4, words[0].elementsEqual("sealed".utf8),
            bytes.count == head + SecretBox.tagBytes + SigningKey.seedBytes,
            let passes = Decimal.parse(words[1]), let memory = Decimal.parse(words[2]), memory <= 1 << 34
        else { return nil }
        return .sealed(
            Passphrase.Cost(operations: passes, memoryBytes: Int(memory)),
            salt: Array(bytes[..<Passphrase.saltBytes]), nonce: Array(bytes[Passphrase.saltBytes..<head]),
            box: Array(bytes[head...]))
    }

    /// Reads the file after checking, on the open descriptor, that it is a regular file to which only its owner has
    /// access.
    private func read() throws(KeyFileError) -> [UInt8] {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(operation: "open", path: path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .file(operation: "stat", path: path, code: errno) }
        let mode = status.st_mode
        guard mode & S_IFMT == S_IFREG, mode & 0o077 == 0 else {
            throw .mode(path: path, found: (mode & 0o7777).zeroPadded(to: 4, radix: 8))
        }
        var bytes = [UInt8](repeating: 0, count: Self.fileBytesMax)
        let count = retryingInterrupted { unsafe Glibc.read(descriptor, &bytes, bytes.count) }
        guard count >= 0 else { throw .file(operation: "read", path: path, code: errno) }
        return Array(bytes[..<count])
    }

    /// Writes a new file: under another name, synced, then linked to its own, which must not exist.
    func write(_ bytes: [UInt8]) throws(KeyFileError) {
        let temporary = "\(path).\(getpid()).partial"
        _ = unsafe unlink(temporary)
        let descriptor = unsafe Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(operation: "create", path: temporary, code: errno) }
        defer {
            close(descriptor)
            _ = unsafe unlink(temporary)
        }
        guard fchmod(descriptor, 0o600) == 0, writeAll(bytes, to: descriptor), fsync(descriptor) == 0 else {
            throw .file(operation: "write", path: temporary, code: errno)
        }
        guard unsafe link(temporary, path) == 0 else { throw .file(operation: "create", path: path, code: errno) }
        do throws(EventLogError) { try syncDirectory(of: path) } catch {
            guard case .file(let operation, let folder, let code) = error else { return }
            throw .file(operation: operation, path: folder, code: code)
        }
    }

    /// The length of a key made by `key(for:)`, in bytes.
    package static let purposeKeyBytes = 32

    /// Derives a key for a purpose other than signing (`Opened.key`).
    package func key(for purpose: String, passphrase: [UInt8]? = nil) throws(KeyFileError) -> [UInt8] {
        try open(passphrase: passphrase).key(for: purpose)
    }

    /// Reads the key for several uses; a sealed file is unsealed once, which is slow.
    package func open(passphrase: [UInt8]? = nil) throws(KeyFileError) -> Opened {
        Opened(path: path, name: try name(), seed: try seed(passphrase: passphrase))
    }

    /// The key of a file that was opened.
    package struct Opened: Sendable {
        fileprivate let path: String
        fileprivate let name: String
        fileprivate let seed: [UInt8]

        /// The log's signer.
        /// - Parameter nameEnd: what follows the log's name in that of the signer, for notes that are not checkpoints.
        package func signer(nameEnd: String = "") throws(KeyFileError) -> NoteSigner {
            do { return try NoteSigner(name: name + nameEnd, key: try SigningKey(seed: seed)) } catch {
                throw .malformed(path: path, why: "\(error)")
            }
        }

        /// The witness whose key this is: it signs with a time (c2sp.org/tlog-cosignature).
        package func cosigner() throws(KeyFileError) -> NoteSigner {
            do { return try NoteSigner(name: name, key: try SigningKey(seed: seed), kind: .cosignature) } catch {
                throw .malformed(path: path, why: "\(error)")
            }
        }

        /// The verifier key of that witness, as text.
        package func cosignerKey() throws(KeyFileError) -> String { try cosigner().verifierKey.description }

        /// Returns true if a log says that this key signs it.
        package func signs(_ log: EventLog) throws(KeyFileError) -> Bool {
            try signer().verifierKey == log.verifierKey
        }

        /// A key for a purpose other than signing: BLAKE2b-256, keyed by the signing seed, over the purpose's name.
        package func key(for purpose: String) throws(KeyFileError) -> [UInt8] {
            do throws(SodiumError) {
                return try KeyedHash.blake2b(Array(purpose.utf8), key: seed, count: KeyFile.purposeKeyBytes)
            } catch {
                throw .malformed(path: path, why: "\(error)")
            }
        }
    }
}

extension EventLog {
    /// Creates an empty log that is signed by the key in a file; the log's name is the key's.
    /// - Returns: the verifier key.
    /// - Throws: `KeyFileError` where the key cannot be read, `EventLogError` where the log cannot be made.
    package static func create(
        directory: String, keyFile: KeyFile, passphrase: [UInt8]? = nil, mapSize: Int = LogFormat.mapBytesDefault
    ) throws -> String {
        let key = try keyFile.signer(passphrase: passphrase).verifierKey
        try create(directory: directory, origin: key.name, verifierKey: key, mapSize: mapSize)
        return key.description
    }
}

/// The reason a signing key's file is refused.
package enum KeyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file could not be read or written; `code` is the errno.
    case file(operation: String, path: String, code: Int32)
    /// Others than the owner have access to the file, or it is not a regular file.
    case mode(path: String, found: String)
    /// The file is not a signing key's; says why.
    case malformed(path: String, why: String)
    /// The key is sealed and no passphrase was given.
    case needsPassphrase(path: String)
    /// The passphrase is wrong, or the file was changed.
    case wrongPassphrase(path: String)

    /// The message on one line, with a remedy if there is one.
    package var description: String {
        switch self {
        case .file(let operation, let path, let code): "\(operation) `\(path)`: \(SystemText.of(code))"
        case .mode(let path, let found):
            "key file `\(path)` has mode \(found), which lets others in, not 0600 or 0400: run `chmod 600 \(path)`"
        case .malformed(let path, let why): "`\(path)` is not a signing key: \(why)"
        case .needsPassphrase(let path): "key file `\(path)` is sealed: give its passphrase"
        case .wrongPassphrase(let path): "key file `\(path)`: the passphrase is wrong, or the file was changed"
        }
    }
}
