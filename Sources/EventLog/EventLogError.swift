package import LMDB

/// Why the log could not be opened, read or appended to.
package enum EventLogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A storage call failed and nothing of it happened; the log goes on where it was.
    case storage(LMDBError)
    /// A commit failed and may be on the disk or not: open the log again, which reads back what is there.
    case mustReopen(LMDBError)
    /// A log was to be made where there is one.
    case alreadyExists(path: String)
    /// The directory holds no log; says what is missing.
    case notALog(path: String, why: String)
    /// The log has another format version than this program writes.
    case formatVersion(path: String, found: String)
    /// Another process is the writer; pid 0 where it has not said its own yet.
    case writerRunning(pid: Int32, path: String)
    /// The signing key is not the one the log was made with.
    case otherKey(expected: String, found: String)
    /// What is stored is not what was signed; `sequence` is the first entry known to be concerned.
    case tampered(sequence: UInt64, what: String, expected: String, found: String)
    /// The entry or size is not in the log.
    case outOfRange(sequence: UInt64, size: UInt64)
    /// The log has no entry and so no checkpoint yet.
    case empty
    /// A log opened for reading was asked to write.
    case readOnly
    /// A file could not be read or written; `code` is the errno.
    case file(operation: String, path: String, code: Int32)

    /// A log whose file does not hold what was written to it.
    static func damaged(_ directory: String, _ found: String) -> EventLogError {
        .storage(.damaged(directory + "/data.mdb", found))
    }

    /// Whether the log's file does not hold what was written to it.
    package var isDamage: Bool {
        switch self {
        case .storage(let error), .mustReopen(let error): error.code == .damaged
        case .tampered: true
        default: false
        }
    }

    /// One line.
    package var description: String {
        switch self {
        case .storage(let error): error.code == .damaged ? "\(error)" : "log: \(error)"
        case .mustReopen(let error): "log: \(error); what is on the disk is unknown, the log must be opened again"
        case .alreadyExists(let path): "`\(path)` holds a log already"
        case .notALog(let path, let why): "`\(path)` is not a log: \(why)"
        case .formatVersion(let path, let found):
            "`\(path)` has log format `\(found)`, this program reads format `\(LogFormat.version)`"
        case .writerRunning(let pid, let path):
            pid > 0 ? "process \(pid) is writing to `\(path)`" : "another process is writing to `\(path)`"
        case .otherKey(let expected, let found): "the log was made with key `\(expected)`, not with `\(found)`"
        case .tampered(let sequence, let what, let expected, let found):
            "entry \(sequence): \(what): expected `\(expected)`, found `\(found)`"
        case .outOfRange(let sequence, let size): "\(sequence) is not in the log of \(size) entries"
        case .empty: "the log has no entry yet"
        case .readOnly: "the log is open for reading only"
        case .file(let operation, let path, let code): "\(operation) `\(path)`: \(SystemText.of(code))"
        }
    }
}

/// What a process that reads logs does where a file turns out to be damaged while it is mapped.
package enum DamagedFile {
    /// From now on such a file ends the process with a message on stderr and an exit status, and never by a signal.
    package static func endsProcess(status: Int32) { DamageGuard.endProcess(status: status) }
}
