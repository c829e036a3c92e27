import Glibc

/// The result of a system call, which is made again while a signal interrupts it.
package func retryingInterrupted(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}

/// Writes all bytes to an open file.
/// - Returns: false where that failed; `errno` has the reason.
package func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
        let count = retryingInterrupted {
            unsafe bytes.withUnsafeBytes { unsafe write(file, $0.baseAddress! + written, $0.count - written) }
        }
        // Nothing written is a failure without a reason of its own.
        if count == 0 { errno = EIO }
        guard count > 0 else { return false }
        written += count
    }
    return true
}

/// Makes the names in a file's directory durable.
func syncDirectory(of path: String) throws(EventLogError) {
    var parent = "."
    if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
        parent = slash == path.startIndex ? "/" : String(path[..<slash])
    }
    let descriptor = unsafe open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(operation: "open", path: parent, code: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .file(operation: "sync", path: parent, code: errno) }
}
