import Glibc

/// A file that is written anew, or stdout where none is named.
final class OutputFile {
    private let name: String
    private let descriptor: Int32

    init(_ path: String?) throws(Failure) {
        name = path ?? "stdout"
        descriptor = path.map { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) } ?? 1
        guard descriptor >= 0 else {
            throw Failure.couldNotRun("cannot write `\(name)`: \(String(cString: strerror(errno)))")
        }
    }

    deinit { if descriptor > 1 { close(descriptor) } }

    /// Writes all bytes. A reader that went away (`| head`) ends the program quietly.
    func write(_ bytes: [UInt8]) throws(Failure) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EPIPE { exit(0) }
            guard count > 0 else {
                throw Failure.couldNotRun("cannot write `\(name)`: \(String(cString: strerror(errno)))")
            }
            written += count
        }
    }
}
