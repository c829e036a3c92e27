import AgentKit
import EventLog
package import Glibc
import JSON
package import Rules

/// Folder of a ledger: `log/` is the truth, `views/` can be thrown away, `init.json` holds what `init` was told until
/// the first entry says it.
package struct DataDirectory: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package var log: String { path + "/log" }
    package var views: String { path + "/views" }
    package var hasViews: Bool { unsafe access(views + "/data.mdb", F_OK) == 0 }
    package var keys: String { path + "/keys" }
    package var signingKey: String { path + "/key" }
    /// What can be asked for again: cosignatures of witnesses.
    package var state: String { path + "/state" }
    package var socket: String { path + "/docket.sock" }
    /// Indicates a ledger that was made of another's entries: it has a log, and no key to sign with.
    package var isReadOnlyCopy: Bool {
        func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
        return exists(log + "/data.mdb") && !exists(signingKey) && !exists(settingsFile)
    }
    /// The reason why nothing is appended to such a ledger.
    package var readOnlyReason: String {
        "`\(path)` is a read-only copy of a ledger: it has no signing key; append to the ledger that it was made of"
    }
    private var settingsFile: String { path + "/init.json" }

    /// Arguments of `init`.
    package struct Initial: Sendable {
        package let settings: LedgerSettings
        package let ruleFiles: [RuleFile]

        package init(settings: LedgerSettings, ruleFiles: [RuleFile]) {
            self.settings = settings
            self.ruleFiles = ruleFiles
        }
    }

    /// Writes `init.json`, whole or not at all.
    /// - Throws: `DataDirectoryError` where it cannot be written.
    package func write(_ initial: Initial) throws(DataDirectoryError) {
        var writer = CanonicalWriter(capacity: 1 << 16)
        writer.beginObject()
        writer.key("clock")
        writer.string(initial.settings.clock.rawValue)
        writer.key("origin")
        writer.string(initial.settings.origin)
        writer.key("rules")
        writer.beginObject()
        for file in initial.ruleFiles.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            writer.key(file.name)
            writer.string(String(decoding: file.text, as: UTF8.self))
        }
        writer.endObject()
        writer.key("verifierKey")
        writer.string(initial.settings.verifierKey)
        writer.endObject()
        try Files.write(writer.bytes, to: settingsFile, mode: 0o640)
    }

    /// Reads `init.json`.
    /// - Throws: `DataDirectoryError` where it is missing, damaged or cannot be read.
    package func readInitial() throws(DataDirectoryError) -> Initial {
        guard let bytes = try Files.readIfThere(settingsFile) else {
            if isReadOnlyCopy { throw DataDirectoryError(readOnlyReason) }
            throw DataDirectoryError(
                "`\(path)` is not a ledger's data directory: `init.json` is missing; make one with `docket init`")
        }
        guard let root = try? Document.parse(bytes).root, let origin = root["origin"]?.string,
            let key = root["verifierKey"]?.string,
            let clock = root["clock"]?.string.flatMap(LedgerSettings.Clock.init(rawValue:)), let rules = root["rules"]
        else { throw DataDirectoryError("`\(settingsFile)` is damaged") }
        var files: [RuleFile] = []
        rules.forEachMember { name, text in files.append(RuleFile(name: name, text: text.string ?? "")) }
        return Initial(
            settings: LedgerSettings(origin: origin, verifierKey: key, clock: clock), ruleFiles: files)
    }

    /// The rule files (`*.yaml`) at the top of a folder.
    /// - Throws: `DataDirectoryError` where the folder holds none, or one cannot be read.
    package static func ruleFiles(in folder: String) throws(DataDirectoryError) -> [RuleFile] {
        var files: [RuleFile] = []
        for name in try Files.names(in: folder) where name.hasSuffix(".yaml") {
            files.append(RuleFile(name: name, text: try Files.read(folder + "/" + name)))
        }
        guard !files.isEmpty else { throw DataDirectoryError("`\(folder)` holds no rule file (`*.yaml`)") }
        return files
    }

    /// The files at the top of a folder that are rule files but for the end of their names.
    /// - Throws: `DataDirectoryError` where the folder cannot be read.
    package static func misnamedRuleFiles(in folder: String) throws(DataDirectoryError) -> [String] {
        try Files.names(in: folder).filter { name in
            [".yml", ".YAML", ".YML"].contains { name.hasSuffix($0) }
        }
    }
}

/// A directory or file that cannot be used; says what to do.
package struct DataDirectoryError: Error, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// Settings fixed at `init` for a ledger's life.
package struct LedgerSettings: Sendable, Hashable {
    /// Source of ledger time.
    package enum Clock: String, Sendable, CaseIterable {
        case system
        /// The latest `time` that an event carried.
        case events
    }

    package let origin: String
    package let verifierKey: String
    package let clock: Clock

    package init(origin: String, verifierKey: String, clock: Clock) {
        self.origin = origin
        self.verifierKey = verifierKey
        self.clock = clock
    }
}

extension DataDirectory.Initial {
    /// Loads the rule set once, so that no ledger is made with rules in error.
    /// - Parameter kept: the declared tables whose rows it will find.
    /// - Throws: `RuleSetError` with every error in them.
    @discardableResult
    package func checkRules(keeping kept: [KeptTable] = []) throws(RuleSetError) -> RuleSet {
        let machine = Machine(settings: settings, history: NoHistory(), chain: .genesis(origin: settings.origin))
        return try RuleSet.load(files: ruleFiles, host: machine.ruleHost(keeping: kept), isNew: true)
    }
}

/// Small files, read and written whole.
package enum Files {
    /// The whole of a file; nil where there is none.
    static func readIfThere(_ path: String) throws(DataDirectoryError) -> [UInt8]? {
        guard unsafe access(path, F_OK) != 0, errno == ENOENT || errno == ENOTDIR else { return try read(path) }
        return nil
    }

    /// The whole of a file.
    /// - Throws: `DataDirectoryError` with the system's reason.
    package static func read(_ path: String) throws(DataDirectoryError) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("read", path) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = retryingInterrupted {
                unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// Writes under a temporary name, syncs and renames. If the process dies before the rename, the old file stands.
    /// A device or pipe is written to as it is.
    /// - Throws: `DataDirectoryError` with the system's reason.
    package static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(DataDirectoryError) {
        var status = stat()
        if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            let device = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard device >= 0 else { throw failure("write", path) }
            defer { close(device) }
            guard writeAll(bytes, to: device) else { throw failure("write", path) }
            return
        }
        let temporary = path + ".new"
        // One that a crash left is removed, and a link that somebody put there is not followed.
        guard unsafe unlink(temporary) == 0 || errno == ENOENT else { throw failure("write", temporary) }
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("write", path) }
        let isSynced = writeAll(bytes, to: file) && fsync(file) == 0
        let error = failure("write", path)
        close(file)
        guard isSynced else {
            _ = unsafe unlink(temporary)
            throw error
        }
        guard unsafe rename(temporary, path) == 0 else { throw failure("write", path) }
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = unsafe open(slash.map { String(path[..<$0]) + "/" } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure("sync", path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure("sync", path) }
    }

    /// The names in a folder, in byte order.
    static func names(in folder: String) throws(DataDirectoryError) -> [String] {
        guard let directory = unsafe opendir(folder) else { throw failure("read", folder) }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func failure(_ operation: String, _ path: String) -> DataDirectoryError {
        DataDirectoryError("cannot \(operation) `\(path)`: \(unsafe String(cString: strerror(errno)))")
    }
}
