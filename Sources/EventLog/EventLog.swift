import Glibc
package import LMDB
import Synchronization
package import TransparencyLog

/// The append-only log of one data directory: entries, the Merkle tree over them (RFC 9162), and a signed checkpoint
/// per commit.
///
/// One process may write (`openWriter`), any number may read beside it (`openReader`). Reading functions may be called
/// from any thread; `commit` from one at a time.
///
/// The caller fills an `EntryChain` in memory; `commit` writes its entries, their leaf hashes as tiles and the signed
/// checkpoint in one LMDB transaction (`LogStore` holds the tables, `FORMAT.md` the format). On opening, a writer takes
/// the `WriterLock` and compares the newest entries with the newest checkpoint (`StartCheck`). `entry` and `scan`
/// compare what they read with the stored hashes, `scanSigned` with the signed root; `receipt` and `consistency` make
/// proofs for others.
package final class EventLog: Sendable {
    /// The state after the last commit; on a reader, as of the last refresh.
    struct State {
        var size: UInt64
        var headHash: Hash256
        var checkpoint: [UInt8]?
        var tree: TreeAppender
        var mustReopen: LMDBError?
    }

    /// The log's directory.
    package let directory: String
    /// The log's name.
    package let origin: String
    /// The key that signs its checkpoints, as the log itself says: for display, never for trust.
    package let verifierKey: VerifierKey

    let store: LogStore
    let signer: NoteSigner?
    let lock: WriterLock?
    let state: Mutex<State>
    /// The time of the last look for dead readers, in milliseconds of the monotonic clock.
    private let readersChecked = Atomic<Int64>(0)
    private static let readersCheckMilliseconds: Int64 = 1000

    init(
        _ directory: String, _ store: LogStore, _ meta: Meta, signer: NoteSigner?, lock: WriterLock?, state: State
    ) {
        self.directory = directory
        self.store = store
        origin = meta.origin
        verifierKey = meta.verifierKey
        self.signer = signer
        self.lock = lock
        self.state = Mutex(state)
    }

    /// Frees the snapshots of readers that were killed, at most once a second: while one is kept, no page that a commit
    /// gives up is reused, and the file grows.
    func clearDeadReaders() {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        let now = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        guard now - readersChecked.load(ordering: .relaxed) >= Self.readersCheckMilliseconds else { return }
        readersChecked.store(now, ordering: .relaxed)
        try? store.environment.clearDeadReaders()
    }

    /// Tests, without keeping anything, that a commit of `bytes` bytes of entries finds room on the disk and in the map.
    /// - Throws: `storage` with the error that the commit would meet.
    package func checkRoom(bytes: Int) throws(EventLogError) {
        try storage { () throws(LMDBError) in try store.environment.checkRoom(bytes: bytes, in: store.entries) }
    }

    /// The number of committed entries.
    package var size: UInt64 { state.withLock { $0.size } }

    /// The leaf hash of the last entry, which the next one carries; in an empty log the genesis hash.
    package var headHash: Hash256 { state.withLock { $0.headHash } }

    /// The newest signed checkpoint; nil in an empty log.
    package var checkpoint: String? {
        state.withLock { $0.checkpoint.map { String(decoding: $0, as: UTF8.self) } }
    }
}

/// The encodings of the log's format, for the layers above the log.
package enum LogText {
    /// Standard base64 with padding.
    package static func base64(_ bytes: [UInt8]) -> String { Base64.encode(bytes) }

    /// The bytes of strict base64; nil if the text is not exactly their encoding.
    package static func bytes(base64 text: String) -> [UInt8]? { Base64.decodeStrict(text) }
}

/// The reason a log could not be opened, read or appended to.
package enum EventLogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A storage call failed without effect; the log continues where it was.
    case storage(LMDBError)
    /// A commit failed and may or may not be on the disk: open the log again, which reads back what is there.
    case mustReopen(LMDBError)
    /// The directory to create a log in holds one already.
    case alreadyExists(path: String)
    /// The directory holds no log; says what is missing.
    case notALog(path: String, why: String)
    /// The log has another format version than this program writes.
    case formatVersion(path: String, found: String)
    /// Another process is the writer; pid 0 if it has not written its own yet.
    case writerRunning(pid: Int32, path: String)
    /// The signing key is not the one the log was made with.
    case otherKey(expected: String, found: String)
    /// The stored data is not what was signed; `sequence` is the first entry known to be concerned.
    case tampered(sequence: UInt64, what: String, expected: String, found: String)
    /// The text is not a log's verifier key.
    case malformedKey(String, why: String)
    /// The entry or size is not in the log.
    case outOfRange(sequence: UInt64, size: UInt64)
    /// The log never had a commit after which it had so many entries.
    case noCommit(size: UInt64)
    /// An export to be continued holds something else than the log from an entry on.
    case otherExport(path: String, sequence: UInt64)
    /// The log has no entry and so no checkpoint yet.
    case empty
    /// A log opened for reading was asked to write.
    case readOnly
    /// A file could not be read or written; `code` is the errno.
    case file(operation: String, path: String, code: Int32)

    /// A log whose file does not hold what was written to it.
    package static func damaged(_ directory: String, _ found: String) -> EventLogError {
        .storage(.damaged(directory + "/data.mdb", found))
    }

    /// Indicates that the log's file does not hold what was written to it.
    package var isDamage: Bool {
        switch self {
        case .storage(let error), .mustReopen(let error): error.code == .damaged
        case .tampered: true
        default: false
        }
    }

    /// The message, on one line.
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
        case .malformedKey(let key, let why): "`\(key)` is not a log's verifier key: \(why)"
        case .outOfRange(let sequence, let size): "\(sequence) is not in the log of \(size) entries"
        case .noCommit(let size):
            "no commit of the log ends at \(size) entries, so there is no checkpoint of that size to prove"
        case .otherExport(let path, let sequence):
            "`\(path)` is not an export of this log: line \(sequence + 1) is not its entry \(sequence)"
        case .empty: "the log has no entry yet"
        case .readOnly: "the log is open for reading only"
        case .file(let operation, let path, let code): "\(operation) `\(path)`: \(SystemText.of(code))"
        }
    }
}

/// The handling of a log file that turns out to be damaged while it is mapped.
package enum DamagedFile {
    /// Makes such a file end the process with a message on stderr and an exit status, never by a signal.
    package static func endsProcess(status: Int32) { DamageGuard.endProcess(status: status) }
}

/// The system's messages for its error codes.
enum SystemText {
    /// The text of an errno.
    static func of(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
