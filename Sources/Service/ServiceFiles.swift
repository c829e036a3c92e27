import EventLog
import Glibc

/// The service's own small files and folders, readable by their owner alone.
enum ServiceFiles {
    private static let readBytesMax = 1 << 16

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    static func failure(_ operation: String, _ path: String) -> ServiceError {
        ServiceError("cannot \(operation) `\(path)`: \(unsafe String(cString: strerror(errno)))")
    }

    /// Checks that nobody but its owner may replace files in a data directory.
    /// - Throws: where others may, with the command that changes it.
    static func requirePrivate(_ path: String) throws(ServiceError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw failure("open", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw ServiceError("`\(path)` is not a directory") }
        guard status.st_mode & 0o022 == 0 else {
            let mode = String(status.st_mode & 0o7777, radix: 8)
            throw ServiceError("others may write to `\(path)`, which has mode \(mode): run `chmod go-w \(path)`")
        }
    }

    /// Creates a folder of mode 0700 unless there is one.
    static func makeDirectory(_ path: String) throws(ServiceError) {
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("make", path) }
    }

    static func read(_ path: String) throws(ServiceError) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("read", path) }
        defer { close(file) }
        return try readAll(of: file, path)
    }

    /// Reads the whole of an open file, whatever its offset.
    static func readAll(of file: Int32, _ path: String) throws(ServiceError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: readBytesMax)
        while true {
            let count = retryingInterrupted {
                unsafe chunk.withUnsafeMutableBytes {
                    unsafe pread(file, $0.baseAddress, $0.count, off_t(bytes.count))
                }
            }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// Writes a file of mode 0600 atomically: under a temporary name, which is synced and renamed, and its folder
    /// synced. A crash leaves the old file or the new one whole, and perhaps the temporary one, which the next call
    /// removes.
    static func write(_ bytes: [UInt8], to path: String) throws(ServiceError) {
        let temporary = path + ".new"
        // A file left by a crash is removed, and a link that somebody put there is not followed.
        guard unsafe unlink(temporary) == 0 || errno == ENOENT else { throw failure("write", temporary) }
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("write", path) }
        let isWritten = writeAll(bytes, to: file) && fsync(file) == 0
        let error = failure("write", path)
        close(file)
        guard isWritten else {
            _ = unsafe unlink(temporary)
            throw error
        }
        guard unsafe rename(temporary, path) == 0 else { throw failure("rename", path) }
        try syncFolder(of: path)
    }

    /// Syncs the folder of a path, which makes a rename to it durable.
    static func syncFolder(of path: String) throws(ServiceError) {
        let slash = path.lastIndex(of: "/")
        let folder = unsafe open(slash.map { String(path[..<$0]) } ?? ".", O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { throw failure("sync", path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure("sync", path) }
    }
}

/// Operating error that keeps a ledger from being created, opened or served: one line, or several for rules in error.
package struct ServiceError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
