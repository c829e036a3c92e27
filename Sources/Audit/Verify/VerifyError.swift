import Glibc
package import LMDB

/// Why a verification could not run; nothing is said of the log.
package enum VerifyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path is neither a data directory, nor an export, nor a tlog-tiles directory.
    case notALog(path: String, why: String)
    /// A file could not be read or written; `code` is the errno.
    case file(operation: String, path: String, code: Int32)
    /// The log's file does not hold what was written to it: proven bad.
    case damaged(String)
    /// The log's storage could not be read.
    case storage(LMDBError)
    /// The checkpoint seen before is not one that the key signed.
    case since(String)

    /// An error of the storage: damage where it is that.
    init(_ error: LMDBError) { self = error.code == .damaged ? .damaged("\(error)") : .storage(error) }

    private static func text(of code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }

    /// One line.
    package var description: String {
        switch self {
        case .notALog(let path, let why): "`\(path)`: \(why)"
        case .file(let operation, let path, let code): "cannot \(operation) `\(path)`: \(Self.text(of: code))"
        case .damaged(let what): what
        case .storage(let error): "\(error)"
        case .since(let why): "the checkpoint seen before: \(why)"
        }
    }
}
