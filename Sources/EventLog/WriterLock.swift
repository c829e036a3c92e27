import Glibc

/// That this process is a log's one writer: an exclusive `flock` on `writer.lock`, which holds the writer's pid.
///
/// The system drops the lock when the process ends, however it ends, so a lock file left behind means nothing.
final class WriterLock: Sendable {
    private let descriptor: Int32

    init(directory: String) throws(EventLogError) {
        let path = directory + "/writer.lock"
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(operation: "open", path: path, code: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let pid = Self.pid(descriptor)
            close(descriptor)
            if code == EWOULDBLOCK { throw .writerRunning(pid: pid, path: directory) }
            throw .file(operation: "lock", path: path, code: code)
        }
        self.descriptor = descriptor
        // The lock is what counts: on a full disk it is held without a name.
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = unsafe pwrite(descriptor, text, text.count, 0)
    }

    /// Lets another writer in before this object ends.
    func release() { _ = flock(descriptor, LOCK_UN) }

    // A child that is being started still shares the descriptor, and with it the lock.
    deinit {
        release()
        close(descriptor)
    }

    private static func pid(_ descriptor: Int32) -> Int32 {
        var text = [UInt8](repeating: 0, count: 16)
        let count = unsafe pread(descriptor, &text, text.count, 0)
        let line = text.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
        return Int32(String(decoding: line, as: UTF8.self)) ?? 0
    }
}
