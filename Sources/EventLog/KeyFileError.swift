/// Why a signing key's file is refused.
package enum KeyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file could not be read or written; `code` is the errno.
    case file(operation: String, path: String, code: Int32)
    /// Others than the owner have access to the file, or it is no plain file.
    case mode(path: String, found: String)
    /// The file is not a signing key's; says why.
    case malformed(path: String, why: String)
    /// The key is sealed and no passphrase was given.
    case needsPassphrase(path: String)
    /// The passphrase is wrong, or the file was changed.
    case wrongPassphrase(path: String)

    /// One line, with what to do where there is something.
    package var description: String {
        switch self {
        case .file(let operation, let path, let code): "\(operation) `\(path)`: \(SystemText.of(code))"
        case .mode(let path, let found):
            "key file `\(path)` has mode \(found), which lets others in, not 0600 or 0400: run `chmod 600 \(path)`"
        case .malformed(let path, let why): "`\(path)` is not a signing key: \(why)"
        case .needsPassphrase(let path): "key file `\(path)` is sealed: give its passphrase"
        case .wrongPassphrase(let path): "key file `\(path)`: the passphrase is wrong, or the file was changed"
        }
    }
}
