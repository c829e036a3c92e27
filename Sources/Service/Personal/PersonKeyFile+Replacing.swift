import EventLog
import Glibc

/// Destroying keys in two steps, so that after the first one nothing but a rename is left to be done.
///
/// `prepare` writes a file without the keys, syncs it and names it `persons.new`; `persons` stands, and what is
/// appended meanwhile goes to both. `install` renames it over `persons` and syncs the folder. If the process dies
/// before the rename, the next start finds `persons` whole and removes what lies beside it; if it dies before the
/// folder is synced, the next start finds either. In both cases the ledger, whose log says who was erased, asks for it
/// again.
extension PersonKeyFile {
    /// A file that is ready to take the place of `persons`.
    struct Replacement {
        let descriptor: Int32
        /// Persons whose keys it lacks, as UTF-8.
        let persons: Set<[UInt8]>
    }

    private static func new(_ path: String) -> String { path + ".new" }
    /// Path at which a replacement is written before it takes the place of an earlier one.
    private static func unfinished(_ path: String) -> String { path + ".unfinished" }

    /// Paths of what a process that died may have left beside the file.
    static func replacements(of path: String) -> [String] { [new(path), unfinished(path)] }

    /// Prepares a file that lacks the keys of these persons and of those prepared for before. Where this throws, the
    /// earlier file stands.
    mutating func prepare(without persons: Set<[UInt8]>, ledgerKey: [UInt8]) throws(ServiceError) {
        try requireReplaceable()
        let all = persons.union(next?.persons ?? [])
        let bytes = try replacement(without: all, ledgerKey: ledgerKey)
        let (name, unfinished) = (Self.new(path), Self.unfinished(path))
        let file = unsafe open(unfinished, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw ServiceFiles.failure("write", unfinished) }
        guard writeAll(bytes, to: file), fsync(file) == 0, unsafe rename(unfinished, name) == 0 else {
            let error = ServiceFiles.failure("write", name)
            close(file)
            _ = unsafe unlink(unfinished)
            throw error
        }
        if let next { close(next.descriptor) }
        next = Replacement(descriptor: file, persons: all)
    }

    /// Puts the prepared file in place. Where this throws, the disk may still hold the keys that it lacks, and nothing
    /// is prepared any more: another try begins with `prepare`.
    mutating func install() throws(ServiceError) {
        guard let next else { return }
        guard unsafe rename(Self.new(path), path) == 0 else {
            let error = ServiceFiles.failure("rename", path)
            discard()
            throw error
        }
        close(descriptor)
        descriptor = next.descriptor
        self.next = nil
        try ServiceFiles.syncFolder(of: path)
    }

    /// Removes the prepared file.
    mutating func discard() {
        guard let next else { return }
        close(next.descriptor)
        _ = unsafe unlink(Self.new(path))
        self.next = nil
    }

    /// The file's lines without those of these persons, and for each of them one that records the erasure.
    private func replacement(without persons: Set<[UInt8]>, ledgerKey: [UInt8]) throws(ServiceError) -> [UInt8] {
        let names = Set(persons.map { PersonKeyRecord.word(for: $0) })
        let old = try ServiceFiles.readAll(of: descriptor, path)
        var bytes = Self.header
        bytes.reserveCapacity(old.count)
        var start = Self.header.count
        while let end = old[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = old[start...end]
            if PersonKeyRecord.word(of: line).map({ !names.contains($0) }) ?? false { bytes += line }
            start = end + 1
        }
        for person in persons {
            bytes += try Self.line(
                PersonKeyRecord(userId: String(decoding: person, as: UTF8.self), key: nil), ledgerKey: ledgerKey)
        }
        return bytes
    }

    /// Checks that the rename will not fail, nor replace another file than the one opened: that must not come out only
    /// after the erasure was recorded.
    private func requireReplaceable() throws(ServiceError) {
        // This refuses a file that nobody may write or rename: immutable, append-only, or on a read-only medium.
        let probe = unsafe open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard probe >= 0 else { throw ServiceFiles.failure("replace", path) }
        defer { close(probe) }
        var (named, own) = (stat(), stat())
        guard unsafe fstat(probe, &named) == 0, unsafe fstat(descriptor, &own) == 0, named.st_dev == own.st_dev,
            named.st_ino == own.st_ino
        else { throw ServiceError("`\(path)` is not the file that was opened any more") }
    }
}
