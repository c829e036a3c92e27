package import Glibc

/// Small files, read and written whole.
package enum Files {
    /// The whole of a file; nil where there is none.
    static func readIfThere(_ path: String) throws(DataDirectoryError) -> [UInt8]? {
        guard unsafe access(path, F_OK) != 0, errno == ENOENT || errno == ENOTDIR else { return try read(path) }
        return nil
    }

    /// The whole of a file.
    package static func read(_ path: String) throws(DataDirectoryError) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("read", path) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// Writes under a temporary name, syncs and renames. If the process dies before the rename, the old file stands.
    /// A device or pipe is written to as it is.
    package static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(DataDirectoryError) {
        var status = stat()
        if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            let device = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard device >= 0 else { throw failure("write", path) }
            defer { close(device) }
            guard isWritten(bytes, to: device) else { throw failure("write", path) }
            return
        }
        let temporary = path + ".new"
        // One that a crash left is removed, and a link that somebody put there is not followed.
        guard unsafe unlink(temporary) == 0 || errno == ENOENT else { throw failure("write", temporary) }
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("write", path) }
        let isSynced = isWritten(bytes, to: file) && fsync(file) == 0
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

    /// Writes all bytes to an open file; `errno` says why not.
    private static func isWritten(_ bytes: [UInt8], to file: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(file, $0.baseAddress! + written, $0.count - written)
            }
            guard count > 0 || errno == EINTR else { return false }
            written += max(0, count)
        }
        return true
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
