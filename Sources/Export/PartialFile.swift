import Glibc

/// A file that is made under another name and takes its own once it is whole and on the disk.
final class PartialFile {
    let path: String
    /// `path.partial`
    let partial: String
    private var isFinished = false

    /// Removes what an earlier crash left. Nothing but a file is replaced.
    /// - Throws: `ExportError.unusable` where a device or folder has the name.
    init(replacing path: String) throws(ExportError) {
        self.path = path
        partial = path + ".partial"
        try Self.requireRegular(path)
        try Self.remove(partial)
    }

    deinit { if !isFinished { _ = unsafe unlink(partial) } }

    /// Syncs the file and renames it.
    func finish() throws(ExportError) {
        try Self.sync(partial)
        guard unsafe rename(partial, path) == 0 else { throw Self.failure("rename", partial) }
        isFinished = true
        try Self.sync(Self.folder(of: path))
    }

    /// - Throws: `ExportError.unusable` where something else than a file has the name.
    static func requireRegular(_ path: String) throws(ExportError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unusable("`\(path)` is not a file: give another name") }
    }

    /// Removes a file where there is one.
    static func remove(_ path: String) throws(ExportError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }

    /// Makes a file, or the names in a folder, durable.
    static func sync(_ path: String) throws(ExportError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    /// The folder that a file lies in.
    static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The error of the system call before.
    static func failure(_ operation: String, _ path: String) -> ExportError {
        .unusable("cannot \(operation) `\(path)`: \(unsafe String(cString: strerror(errno)))")
    }
}
