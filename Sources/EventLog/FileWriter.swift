package import Glibc

/// Atomic replacement of a file: it is written under another name and renamed once it is whole and on the disk.
package final class FileWriter {
    private static let bufferBytes = 1 << 20

    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var failure: Int32 = 0
    private var isFinished = false

    /// Creates `path.partial`. One that an earlier crash left is removed; what it links to is not touched.
    /// - Throws: `file` where it cannot be made, or something else than a file has the name.
    package init(replacing path: String, mode: mode_t = 0o644) throws(EventLogError) {
        self.path = path
        temporary = path + ".partial"
        var status = stat()
        // A device would be replaced by a file.
        if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            let code = status.st_mode & S_IFMT == S_IFDIR ? EISDIR : ENOTSUP
            throw .file(operation: "write", path: path, code: code)
        }
        if unsafe unlink(temporary) != 0, errno != ENOENT {
            throw .file(operation: "write", path: temporary, code: errno)
        }
        descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .file(operation: "write", path: temporary, code: errno) }
        buffer.reserveCapacity(Self.bufferBytes + LogFormat.entryBytesMax)
    }

    /// Opens a file, which is made where there is none, to be written in place from a position on. What is behind that is
    /// cut off.
    /// - Throws: `file` where it cannot be opened or cut, or something else than a file has the name.
    init(continuing path: String, from position: UInt64) throws(EventLogError) {
        self.path = path
        temporary = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .file(operation: "write", path: path, code: errno) }
        isFinished = true
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw .file(operation: "write", path: path, code: errno)
        }
        guard ftruncate(descriptor, off_t(clamping: position)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
            throw .file(operation: "write", path: path, code: errno)
        }
    }

    deinit {
        close(descriptor)
        if !isFinished { _ = unsafe unlink(temporary) }
    }

    /// Indicates that a write failed, so that the rest need not be tried.
    package var hasFailed: Bool { failure != 0 }

    /// Appends bytes; a failure is kept for `finish`.
    package func write(_ bytes: UnsafeRawBufferPointer) {
        unsafe buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferBytes { flush() }
    }

    /// Appends bytes; a failure is kept for `finish`.
    package func write(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBytes { unsafe write($0) } }

    /// Appends a byte; a failure is kept for `finish`.
    package func write(_ byte: UInt8) { buffer.append(byte) }

    /// Syncs everything to the disk, still under the other name.
    package func sync() throws(EventLogError) {
        flush()
        if failure == 0, fsync(descriptor) != 0 { failure = errno }
        guard failure == 0 else { throw .file(operation: "write", path: temporary, code: failure) }
    }

    /// Syncs the file and renames it.
    package func finish() throws(EventLogError) {
        try sync()
        guard !isFinished else { return try syncDirectory(of: path) }
        var (own, named) = (stat(), stat())
        guard unsafe fstat(descriptor, &own) == 0, unsafe lstat(temporary, &named) == 0,
            own.st_dev == named.st_dev, own.st_ino == named.st_ino
        else {
            // Another process writes the same file: the name is that of its own.
            isFinished = true
            throw .file(operation: "write", path: temporary, code: EBUSY)
        }
        guard unsafe rename(temporary, path) == 0 else {
            throw .file(operation: "rename", path: temporary, code: errno)
        }
        isFinished = true
        try syncDirectory(of: path)
    }

    private func flush() {
        if failure == 0, !writeAll(buffer, to: descriptor) { failure = errno }
        buffer.removeAll(keepingCapacity: true)
    }
}
