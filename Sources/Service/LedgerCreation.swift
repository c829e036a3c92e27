package import Engine
import EventLog
import Glibc
import Sodium

/// Creation of a ledger's data directory, as `docket init` does it.
package enum LedgerCreation {
    /// Options of `docket init`.
    package struct Options: Sendable {
        /// The ledger's name, which its key carries too.
        package let origin: String
        /// The folder of the rule files.
        package let rules: String
        package var clock = LedgerSettings.Clock.system
        /// Path of a signing key to copy; nil generates one.
        package var key: String?
        /// Path of the seed of the persons' keys, 32 bytes or their hexadecimal digits; nil makes random keys.
        package var personSeed: String?
        /// Passphrase that seals a new signing key, or unseals the given one.
        package var passphrase: [UInt8]?
        /// Maximum size of `log/` in bytes; nil is 1 TiB.
        package var mapBytes: Int?

        package init(origin: String, rules: String) {
            self.origin = origin
            self.rules = rules
        }
    }

    /// Creates the directory, the key, the empty log and the persons' keys. The first entries are written at the first
    /// start.
    ///
    /// `init.json` is written last: a crash before that leaves a directory that is not a ledger yet, which a second
    /// call completes with the same key. A failure removes everything that this call created.
    /// - Returns: the verifier key.
    /// - Throws: where the directory holds a ledger already, the rules or a given key are in error, or a file cannot be
    ///   written.
    package static func create(_ directory: DataDirectory, _ options: Options) throws(ServiceError) -> String {
        let made = MadeFiles(directory)
        do {
            try refuseLedger(directory)
            let ruleFiles = try DataDirectory.ruleFiles(in: options.rules)
            let seed = try options.personSeed.map { file throws(ServiceError) in try PersonSeed.read(file: file) }
            let unsigned = LedgerSettings(origin: options.origin, verifierKey: "", clock: options.clock)
            try DataDirectory.Initial(settings: unsigned, ruleFiles: ruleFiles).checkRules()
            try ServiceFiles.makeDirectory(directory.path)
            try ServiceFiles.requirePrivate(directory.path)
            let keyFile = try signingKey(directory, options)
            let verifierKey = try createLog(directory, keyFile, options)
            try PersonKeys.create(
                directory: directory.keys,
                ledgerKey: try keyFile.key(for: PersonKeys.purpose, passphrase: options.passphrase), seed: seed)
            let settings = LedgerSettings(origin: options.origin, verifierKey: verifierKey, clock: options.clock)
            try directory.write(DataDirectory.Initial(settings: settings, ruleFiles: ruleFiles))
            return verifierKey
        } catch {
            made.remove()
            throw error as? ServiceError ?? ServiceError("\(error)")
        }
    }

    /// The files and folders of a data directory that did not exist when this value was created.
    private struct MadeFiles {
        private let absent: [String]

        init(_ directory: DataDirectory) {
            let log = ["/data.mdb", "/lock.mdb", "/writer.lock"].map { directory.log + $0 }
            let keys = ["/persons", "/seed"].map { directory.keys + $0 }
            let top = [directory.log, directory.keys, directory.signingKey, directory.path]
            absent = (log + keys + top).filter { !ServiceFiles.exists($0) }
        }

        /// Removes files before their folders; a folder that holds anything else stays.
        func remove() { for path in absent where unsafe unlink(path) != 0 { _ = unsafe rmdir(path) } }
    }

    private static func refuseLedger(_ directory: DataDirectory) throws(ServiceError) {
        guard !ServiceFiles.exists(directory.path + "/init.json") else {
            throw ServiceError("`\(directory.path)` holds a ledger already")
        }
        if let log = try? EventLog.openReader(directory: directory.log), log.size > 0 {
            throw ServiceError("`\(directory.log)` holds a log already")
        }
    }

    private static func signingKey(_ directory: DataDirectory, _ options: Options) throws -> KeyFile {
        let file = KeyFile(path: directory.signingKey)
        if let given = options.key {
            let name = try KeyFile(path: given).name()
            guard name.utf8.elementsEqual(options.origin.utf8) else {
                throw ServiceError("the key in `\(given)` is named `\(name)`, not `\(options.origin)`")
            }
            let key = try ServiceFiles.read(given)
            if ServiceFiles.exists(directory.signingKey), try ServiceFiles.read(directory.signingKey) != key {
                throw ServiceError("`\(directory.signingKey)` is there already and is another key")
            }
            try ServiceFiles.write(key, to: directory.signingKey)
        } else if !ServiceFiles.exists(directory.signingKey) {
            try file.create(name: options.origin, key: SigningKey.generate(), passphrase: options.passphrase)
        } else {
            guard try file.name().utf8.elementsEqual(options.origin.utf8) else {
                throw ServiceError("`\(directory.signingKey)` is the key of another ledger")
            }
        }
        return file
    }

    /// Creates the log, or takes the empty one that an interrupted `init` left.
    private static func createLog(
        _ directory: DataDirectory, _ keyFile: KeyFile, _ options: Options
    ) throws -> String {
        do throws(EventLogError) {
            let log = try EventLog.openReader(directory: directory.log)
            return "\(log.verifierKey)"
        } catch {
            guard case .notALog = error else { throw error }
        }
        guard let mapBytes = options.mapBytes else {
            return try EventLog.create(directory: directory.log, keyFile: keyFile, passphrase: options.passphrase)
        }
        return try EventLog.create(
            directory: directory.log, keyFile: keyFile, passphrase: options.passphrase, mapSize: mapBytes)
    }
}
