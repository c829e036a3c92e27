import Dispatch
package import Engine
package import JSON
import Sodium
import Synchronization

/// The keys of the persons whose data the ledger holds sealed: one a person, made when first needed, kept in `keys/`
/// outside the log, themselves sealed with the ledger's key. Destroying one makes all data under it unreadable for
/// ever. Used from any thread.
package final class PersonKeys: Sealing {
    /// The purpose for which the sealing key is derived from the signing key.
    package static let purpose = "docket/v1/keys\n"

    private enum Entry {
        case key([UInt8])
        case erased
    }

    private struct State: ~Copyable {
        var file: PersonKeyFile
        /// By the person's id in UTF-8, which is not to be normalised.
        var entries: [[UInt8]: Entry]
        /// Numbers of the keys handed out, and of those known to be on the disk.
        var made: UInt64 = 0
        var durable: UInt64 = 0
        /// Persons who are erased and whose keys the file may still hold.
        var kept: Set<[UInt8]> = []

        /// Returns true if the person's key is gone from the disk too.
        func isErased(_ person: [UInt8]) -> Bool {
            if case .erased = entries[person] { !kept.contains(person) } else { false }
        }
    }

    private let state: Mutex<State>
    /// Queue on which syncs are waited for.
    private let disk = DispatchQueue(label: "docket.person-keys")
    private let ledgerKey: [UInt8]
    /// Seed from which keys are derived instead of being stored; nil where they are random.
    private let seed: [UInt8]?

    /// Reads the keys of a ledger.
    /// - Parameter ledgerKey: the ledger's key for this purpose, 32 bytes.
    /// - Throws: where a file cannot be read, is damaged, or was sealed with another key.
    package init(directory: String, ledgerKey: [UInt8]) throws(ServiceError) {
        self.ledgerKey = ledgerKey
        seed = try PersonSeed.read(directory: directory, ledgerKey: ledgerKey)
        var records: [PersonKeyRecord] = []
        let file = try PersonKeyFile(directory: directory, ledgerKey: ledgerKey) { records.append($0) }
        var entries: [[UInt8]: Entry] = [:]
        for record in records { entries[Array(record.userId.utf8)] = record.key.map(Entry.key) ?? .erased }
        state = Mutex(State(file: file, entries: entries))
    }

    /// Creates the folder, with a seed where one is given.
    static func create(directory: String, ledgerKey: [UInt8], seed: [UInt8]?) throws(ServiceError) {
        try ServiceFiles.makeDirectory(directory)
        if let seed { try PersonSeed.write(seed, directory: directory, ledgerKey: ledgerKey) }
        try PersonKeyFile.create(directory: directory)
    }

    // MARK: Sealing

    /// The sealed form of a value under the person's key, which is made where there is none.
    /// - Throws: `erased` once the key was destroyed, `unavailable` where one cannot be written or used.
    package func seal(
        _ value: View, userId: String, origin: String, source: String, id: String, pointer: String
    ) throws(Problem) -> (commitment: String, sealed: String) {
        guard let key = try key(of: userId) else {
            throw Problem(.erased, "the data of `\(userId)` was erased; nothing new is taken", pointer: pointer)
        }
        let text = unsafe value.withCanonicalBytes { unsafe [UInt8]($0) }
        do {
            return try PersonalValue(text, origin: origin, source: source, id: id, pointer: pointer).sealed(with: key)
        } catch {
            throw Problem(.unavailable, "personal data cannot be sealed now")
        }
    }

    /// The person's key, made where there is none; nil once it was destroyed.
    private func key(of userId: String) throws(Problem) -> [UInt8]? {
        let found: Result<[UInt8]?, ServiceError> = state.withLock { state in
            switch state.entries[Array(userId.utf8)] {
            case .key(let key): return .success(key)
            case .erased: return .success(nil)
            case nil: break
            }
            if let seed { return .success(PersonSeed.key(of: userId, seed: seed)) }
            let key = Random.bytes(AEAD.keyBytes)
            do throws(ServiceError) {
                try state.file.append(PersonKeyRecord(userId: userId, key: key), ledgerKey: ledgerKey)
            } catch {
                return .failure(error)
            }
            state.entries[Array(userId.utf8)] = .key(key)
            state.made += 1
            return .success(key)
        }
        guard case .success(let key) = found else {
            throw Problem(.unavailable, "the keys of persons cannot be written now", retryAfter: 5)
        }
        return key
    }

    /// Makes every key handed out durable. Entries that need one are appended only after this.
    ///
    /// The disk is waited for on a thread of its own, with one sync for all who wait.
    /// - Throws: where the file cannot be synced.
    package func makeDurable() async throws(ServiceError) {
        let needed: UInt64? = state.withLock { $0.durable < $0.made ? $0.made : nil }
        guard let needed else { return }
        let failure: ServiceError? = await withCheckedContinuation { continuation in
            disk.async { continuation.resume(returning: self.sync(upTo: needed)) }
        }
        if let failure { throw failure }
    }

    private func sync(upTo needed: UInt64) -> ServiceError? {
        do throws(ServiceError) {
            let open: Result<(file: PersonKeyFile.Synced, made: UInt64)?, ServiceError> = state.withLock { state in
                guard state.durable < needed else { return .success(nil) }
                do throws(ServiceError) { return .success((try state.file.synced(), state.made)) } catch {
                    return .failure(error)
                }
            }
            guard let (file, made) = try open.get() else { return nil }
            try file.sync()
            state.withLock { $0.durable = max($0.durable, made) }
            return nil
        } catch {
            return error
        }
    }

    // MARK: Reading and destroying

    /// Content of a sealed field.
    package enum Unsealed: Sendable, Equatable {
        /// The value's canonical JSON.
        case value([UInt8])
        /// The person's key was destroyed.
        case erased
        /// It is not sealed under a key of this ledger.
        case unreadable
    }

    /// Opens a field `{"commitment", "sealed"}` of a person.
    package func unseal(_ field: View, userId: String) -> Unsealed {
        let entry = state.withLock { $0.entries[Array(userId.utf8)] }
        let key: [UInt8]
        switch entry {
        case .key(let stored): key = stored
        case .erased: return .erased
        case nil:
            guard let seed else { return .unreadable }
            key = PersonSeed.key(of: userId, seed: seed)
        }
        return PersonalValue.opened(field, with: key).map(Unsealed.value) ?? .unreadable
    }

    package func prepareErasure(of persons: [String]) -> Bool {
        state.withLock { state in
            let keys = Set(persons.map { Array($0.utf8) }).filter { !state.isErased($0) }
            if keys.isEmpty { return true }
            do throws(ServiceError) { try state.file.prepare(without: keys, ledgerKey: ledgerKey) } catch {
                return false
            }
            return true
        }
    }

    package func abandonErasure() { state.withLock { $0.file.discard() } }

    package func erase(_ persons: [String]) -> [String] {
        state.withLock { state in
            let keys = Set(persons.map { Array($0.utf8) }).filter { !state.isErased($0) }
            // From here on nobody gets these keys, whether or not the file can be replaced now.
            for key in keys {
                state.entries[key] = .erased
                state.kept.insert(key)
            }
            do throws(ServiceError) {
                let ready = state.file.next?.persons ?? []
                precondition(ready.isSubset(of: keys), "an erasure was made ready whose commit is not durable")
                if !ready.isEmpty {
                    try state.file.install()
                    state.kept.subtract(ready)
                }
                let left = keys.subtracting(ready)
                if !left.isEmpty {
                    try state.file.prepare(without: left, ledgerKey: ledgerKey)
                    try state.file.install()
                    state.kept.subtract(left)
                }
            } catch {
                return persons.filter { state.kept.contains(Array($0.utf8)) }
            }
            return []
        }
    }
}

/// Seed from which all persons' keys of a fixture's or a test's ledger are derived, sealed in `keys/seed`.
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
            throw ServiceError("`\(file)` is not a person seed: 32 bytes, or 64 hexadecimal digits")
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
