import Glibc

/// The passphrase of a sealed signing key.
enum Passphrase {
    /// The first line of the file; nil where none is named.
    static func read(_ path: String?) throws(Failure) -> [UInt8]? {
        guard let path else { return nil }
        var status = stat()
        if path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 {
            throw Failure(.couldNotRun, "others may read the passphrase in `\(path)`: run `chmod 600 \(path)`")
        }
        let line = Array(try FileText.read(path).prefix { $0 != 0x0A && $0 != 0x0D })
        guard !line.isEmpty else { throw Failure(.couldNotRun, "`\(path)` holds no passphrase") }
        return line
    }
}
