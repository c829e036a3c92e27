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
            bytes.withUnsafeBytes { write(file, $0.baseAddress! + written, $0.count - written) }
        }
        // Nothing written is a failure without a reason of its own.
        if count == 0 { errno = EIO }
        guard count > 0 else { return false }
        written += count
    }
    return true
}
