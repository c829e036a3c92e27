import Glibc
import LMDB
import TransparencyLog

extension EventLog {
    /// Writes the entries up to the newest checkpoint, one per line, to `path` and the checkpoint to `path.checkpoint`.
    ///
    /// Both are written under other names, synced and renamed, the entries first: a crash in between leaves the old
    /// checkpoint beside the new entries, which a verifier reports as incomplete. Returns the number of entries.
    /// - Parameter cosignatures: those of witnesses that are appended to the checkpoint.
    /// - Throws: `empty` for a log without entries, `file` where one cannot be written, `damaged` or `tampered` as
    ///   `scan`.
    @discardableResult
    package func exportNDJSON(
        to path: String, cosignatures: CosignatureStore? = nil
    ) throws(EventLogError) -> UInt64 {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        guard let newest = try storage({ () throws(LMDBError) in try store.newest(transaction) }) else { throw .empty }
        let file = try FileWriter(replacing: path, mode: 0o644)
        unsafe try scanHashed(transaction, 0..<newest.size, size: newest.size) { _, bytes in
            unsafe file.write(bytes)
            file.write(UInt8(ascii: "\n"))
            return !file.hasFailed
        }
        let checkpoint = try FileWriter(replacing: path + ".checkpoint", mode: 0o644)
        let note = String(decoding: newest.note, as: UTF8.self)
        checkpoint.write(Array((cosignatures?.appended(to: note) ?? note).utf8))
        try file.sync()
        try checkpoint.sync()
        try file.finish()
        try checkpoint.finish()
        return newest.size
    }
}

/// Atomic replacement of a file: it is written under another name and renamed once it is whole and on the disk.
final class FileWriter {
    private static let bufferBytes = 1 << 20

    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var failure: Int32 = 0
    private var isFinished = false

    /// Creates `path.partial`. One that an earlier crash left is removed; what it links to is not touched.
    init(replacing path: String, mode: mode_t) throws(EventLogError) {
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

    deinit {
        close(descriptor)
        if !isFinished { _ = unsafe unlink(temporary) }
    }

    /// Indicates that a write failed, so that the rest need not be tried.
    var hasFailed: Bool { failure != 0 }

    /// Appends bytes; a failure is kept for `finish`.
    func write(_ bytes: UnsafeRawBufferPointer) {
        unsafe buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferBytes { flush() }
    }

    /// Appends bytes; a failure is kept for `finish`.
    func write(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBytes { unsafe write($0) } }

    /// Appends a byte; a failure is kept for `finish`.
    func write(_ byte: UInt8) { buffer.append(byte) }

    /// Syncs everything to the disk, still under the other name.
    func sync() throws(EventLogError) {
        flush()
        if failure == 0, fsync(descriptor) != 0 { failure = errno }
        guard failure == 0 else { throw .file(operation: "write", path: temporary, code: failure) }
    }

    /// Syncs the file and renames it.
    func finish() throws(EventLogError) {
        try sync()
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
