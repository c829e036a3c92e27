import Glibc
import LMDB
import Synchronization
package import TransparencyLog

/// The append-only log of one data directory: entries, the tree over them, and a signed checkpoint a commit.
///
/// One process may write (`openWriter`), any number may read beside it (`openReader`). Reading functions may be called
/// from any thread; `commit` from one at a time.
package final class EventLog: Sendable {
    /// What the last commit left; on a reader, what the last look found.
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
    /// When dead readers were last looked for, in milliseconds of the monotonic clock.
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

    /// Once a second, frees the snapshots of readers that were killed: while one is kept no page that a commit gives up is
    /// used again, and the file grows by them.
    func clearDeadReaders() {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        let now = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        guard now - readersChecked.load(ordering: .relaxed) >= Self.readersCheckMilliseconds else { return }
        readersChecked.store(now, ordering: .relaxed)
        try? store.environment.clearDeadReaders()
    }

    /// Whether a commit of so many bytes of entries would find room, on the disk and in the map: it is tried, and nothing
    /// is kept.
    /// - Throws: why not.
    package func checkRoom(bytes: Int) throws(EventLogError) {
        try storage { () throws(LMDBError) in try store.environment.checkRoom(bytes: bytes, in: store.entries) }
    }

    /// How many entries are committed.
    package var size: UInt64 { state.withLock { $0.size } }

    /// The leaf hash of the last entry, which the next one carries; in an empty log the genesis hash.
    package var headHash: Hash256 { state.withLock { $0.headHash } }

    /// The newest signed checkpoint, or nil in an empty log.
    package var checkpoint: String? {
        state.withLock { $0.checkpoint.map { String(decoding: $0, as: UTF8.self) } }
    }
}
