/// The passphrase of a sealed signing key.
enum Passphrase {
    /// The first line of the file; nil where none is named.
    static func read(_ path: String?) throws(Failure) -> [UInt8]? {
        guard let path else { return nil }
        let line = Array(try FileText.read(path).prefix { $0 != 0x0A && $0 != 0x0D })
        guard !line.isEmpty else { throw Failure(.couldNotRun, "`\(path)` holds no passphrase") }
        return line
    }
}
