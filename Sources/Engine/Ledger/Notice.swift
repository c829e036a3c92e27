import Glibc

/// What the one who runs the process must know, on stderr.
enum Notice {
    /// The exit status of a process that cannot go on.
    private static let couldNotRun: Int32 = 2

    /// Writes one line.
    static func say(_ text: String) {
        let line = Array("docket: \(text)\n".utf8)
        var written = 0
        while written < line.count {
            let count = unsafe line.withUnsafeBytes { unsafe write(2, $0.baseAddress! + written, $0.count - written) }
            guard count > 0 || errno == EINTR else { return }
            written += max(0, count)
        }
    }

    /// Writes one line and ends the process, whatever its other threads do.
    static func end(_ text: String) -> Never {
        say(text)
        _exit(couldNotRun)
    }
}
