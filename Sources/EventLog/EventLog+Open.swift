import Glibc
package import LMDB
package import TransparencyLog

extension EventLog {
    /// Creates an empty log in a directory, which is created too if it does not exist.
    ///
    /// A crash in here leaves a directory with no format version, which `create` accepts again and `open` refuses.
    /// - Throws: `alreadyExists` where it holds a log, `writerRunning` beside a writer, `file` or `storage` where it
    ///   cannot be made.
    package static func create(
        directory: String, origin: String, verifierKey: VerifierKey, mapSize: Int = LogFormat.mapBytesDefault
    ) throws(EventLogError) {
        if unsafe mkdir(directory, 0o700) != 0, errno != EEXIST {
            throw .file(operation: "make directory", path: directory, code: errno)
        }
        let lock = try WriterLock(directory: directory)
        defer { withExtendedLifetime(lock) {} }
        let store = try storage { () throws(LMDBError) in
            try LogStore(try environment(directory, mapSize: mapSize, readOnly: false, faults: nil), create: true)
        }
        let exists = try storage { () throws(LMDBError) in
            try store.environment.read().get(store.meta, LogFormat.formatName) != nil
        }
        guard !exists else { throw .alreadyExists(path: directory) }
        try storage { () throws(LMDBError) in
            let transaction = try store.environment.write()
            try transaction.put(store.meta, LogFormat.originName, Array(origin.utf8))
            try transaction.put(store.meta, LogFormat.keyName, Array(verifierKey.description.utf8))
            try transaction.put(store.meta, LogFormat.formatName, Array(LogFormat.version.utf8))
            try transaction.commit()
        }
    }

    /// Opens a log for appending, as its one writer, after checking its newest entries against the signed checkpoint.
    ///
    /// - Throws: `writerRunning` with the first writer's pid, `otherKey` for a key that is not the log's, `tampered`
    ///   for a log that was changed.
    package static func openWriter(
        directory: String, signer: NoteSigner, mapSize: Int = LogFormat.mapBytesDefault, faults: FaultyStore? = nil
    ) throws(EventLogError) -> EventLog {
        try requireData(directory)
        let lock = try WriterLock(directory: directory)
        let (store, meta) = try open(directory, mapSize: mapSize, readOnly: false, faults: faults)
        guard meta.verifierKey == signer.verifierKey else {
            throw .otherKey(expected: meta.verifierKey.description, found: signer.verifierKey.description)
        }
        let state = try StartCheck(store: store, meta: meta).run()
        return EventLog(directory, store, meta, signer: signer, lock: lock, state: state)
    }

    /// Opens a copy of another's log, as its one writer: it appends what `appendCopy` is given and signs nothing.
    /// - Throws: as `openWriter`.
    package static func openCopy(directory: String, faults: FaultyStore? = nil) throws(EventLogError) -> EventLog {
        try requireData(directory)
        let lock = try WriterLock(directory: directory)
        let (store, meta) = try open(directory, mapSize: 0, readOnly: false, faults: faults)
        let state = try StartCheck(store: store, meta: meta).run()
        return EventLog(directory, store, meta, signer: nil, lock: lock, state: state)
    }

    /// Opens a log for reading, beside a running writer or without one.
    /// - Throws: `notALog`, `formatVersion` or `file` where there is none to be read, `damaged` where its newest
    ///   checkpoint is not one.
    package static func openReader(directory: String) throws(EventLogError) -> EventLog {
        try requireData(directory)
        let (store, meta) = try open(directory, mapSize: 0, readOnly: true, faults: nil)
        let state = State(size: 0, headHash: genesisHash(origin: meta.origin), checkpoint: nil, tree: TreeAppender())
        let log = EventLog(directory, store, meta, signer: nil, lock: nil, state: state)
        try log.refresh()
        if let note = log.checkpoint { try log.checkNewest(note, meta) }
        return log
    }

    /// Checks that the newest checkpoint is signed by the log's key and is for the size it is stored under.
    /// - Throws: `damaged` if not.
    private func checkNewest(_ note: String, _ meta: Meta) throws(EventLogError) {
        let checkpoint: Checkpoint
        do throws(NoteError) {
            checkpoint = try Checkpoint.open(Array(note.utf8), key: meta.verifierKey, origin: meta.origin)
        } catch {
            throw .damaged(directory, "its newest checkpoint is not one: \(error)")
        }
        guard checkpoint.size == size else {
            throw .damaged(directory, "the checkpoint of \(checkpoint.size) entries is kept as that of \(size)")
        }
    }

    private static func requireData(_ directory: String) throws(EventLogError) {
        let path = directory + "/data.mdb"
        guard unsafe access(path, F_OK) != 0 else { return }
        guard errno == ENOENT || errno == ENOTDIR else { throw .file(operation: "open", path: path, code: errno) }
        throw .notALog(path: directory, why: "it has no `data.mdb`")
    }

    private static func open(
        _ directory: String, mapSize: Int, readOnly: Bool, faults: FaultyStore?
    ) throws(EventLogError) -> (LogStore, Meta) {
        let store: LogStore
        do throws(LMDBError) {
            let environment = try environment(directory, mapSize: mapSize, readOnly: readOnly, faults: faults)
            do throws(LMDBError) {
                store = try LogStore(environment, create: false)
            } catch {
                guard error.code == .noTable, LogStore.wasMade(environment) else { throw error }
                throw .damaged(directory + "/data.mdb", "it has no table `\(error.table ?? "")`")
            }
        } catch {
            switch error.code {
            case .noTable: throw .notALog(path: directory, why: "it has no table `\(error.table ?? "")`")
            case .noPermission: throw .file(operation: "open", path: directory + "/data.mdb", code: error.raw)
            default: throw .storage(error)
            }
        }
        return (store, try Meta.read(store, path: directory))
    }

    private static func environment(
        _ directory: String, mapSize: Int, readOnly: Bool, isNew: Bool = false, faults: FaultyStore?
    ) throws(LMDBError) -> Environment {
        var options = Environment.Options()
        options.mapSize = mapSize
        options.maxTables = 4
        options.isReadOnly = readOnly
        options.takesEmptyFile = isNew
        options.faults = faults
        return try Environment(path: directory, options: options)
    }
}

/// The check a writer makes before it appends: that the newest entries and the tree are those of the newest checkpoint.
///
/// It costs one signature and at most 256 leaf hashes, whatever the log's size. It finds a changed tail and changed
/// tiles; older entries are for the verifier.
struct StartCheck {
    let store: LogStore
    let meta: Meta

    /// Runs the check and returns the state to continue from.
    func run() throws(EventLogError) -> EventLog.State {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        let newest = try storage { () throws(LMDBError) in try store.newest(transaction) }
        let last = try storage { () throws(LMDBError) -> UInt64? in
            var cursor = try transaction.cursor(store.entries)
            return try cursor.last()?.integerKey
        }
        guard let newest else {
            if let last { throw mismatch(last, "entry without a checkpoint", "no entry", "entry \(last)") }
            let hash = genesisHash(origin: meta.origin)
            return EventLog.State(size: 0, headHash: hash, checkpoint: nil, tree: TreeAppender())
        }
        let checkpoint = try signed(newest.size, newest.note)
        let size = checkpoint.size
        guard size == newest.size, size > 0 else {
            throw mismatch(newest.size, "checkpoint under another size", "\(newest.size)", "\(size)")
        }
        guard let last, last == size - 1 else {
            let found = last.map { "\($0)" } ?? "none"
            throw mismatch(last.map { min($0 + 1, size - 1) } ?? 0, "last entry", "\(size - 1)", found)
        }
        let tree = try tree(transaction, size)
        guard tree.root() == checkpoint.root else {
            throw mismatch(size - 1, "root of the stored tree", checkpoint.root.base64, tree.root().base64)
        }
        let head = try leaves(transaction, size)
        return EventLog.State(size: size, headHash: head, checkpoint: newest.note, tree: tree)
    }

    private func signed(_ size: UInt64, _ note: [UInt8]) throws(EventLogError) -> Checkpoint {
        do throws(NoteError) {
            return try Checkpoint.open(note, key: meta.verifierKey, origin: meta.origin)
        } catch {
            throw mismatch(size == 0 ? 0 : size - 1, "newest checkpoint", "one signed by the log's key", "\(error)")
        }
    }

    private func tree(_ transaction: ReadTransaction, _ size: UInt64) throws(EventLogError) -> TreeAppender {
        let tree = try storage { () throws(LMDBError) in
            try TreeAppender(size: size) { level, index throws(LMDBError) in
                try store.tile(transaction, level, index)
            }
        }
        guard let tree else { throw mismatch(size - 1, "tiles", "hashes up to size \(size)", "fewer") }
        return tree
    }

    /// Hashes the entries of the last tile and compares them with it; returns the last one's hash.
    private func leaves(_ transaction: ReadTransaction, _ size: UInt64) throws(EventLogError) -> Hash256 {
        let tile = (size - 1) / 256
        let hashes = try storage { () throws(LMDBError) in try store.tile(transaction, 0, tile) }
        var head = Hash256()
        for sequence in (tile * 256)..<size {
            let found = try storage { () throws(LMDBError) -> Hash256? in
                guard let entry = unsafe try transaction.get(store.entries, sequence) else { return nil }
                return unsafe leafHash(entry)
            }
            let i = Int(sequence - tile * 256)
            guard let found, i < hashes.count else { throw mismatch(sequence, "entry", "an entry", "none") }
            guard found == hashes[i] else {
                throw mismatch(sequence, "leaf hash", hashes[i].base64, found.base64)
            }
            head = found
        }
        return head
    }

    private func mismatch(_ sequence: UInt64, _ what: String, _ expected: String, _ found: String) -> EventLogError {
        .tampered(sequence: sequence, what: what, expected: expected, found: found)
    }
}

/// The lock of a log's one writer: an exclusive `flock` on `writer.lock`, which holds the writer's pid.
///
/// The system releases the lock when the process ends, however it ends, so a lock file left behind means nothing.
final class WriterLock: Sendable {
    private let descriptor: Int32

    init(directory: String) throws(EventLogError) {
        let path = directory + "/writer.lock"
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(operation: "open", path: path, code: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let pid = Self.pid(descriptor)
            close(descriptor)
            if code == EWOULDBLOCK { throw .writerRunning(pid: pid, path: directory) }
            throw .file(operation: "lock", path: path, code: code)
        }
        self.descriptor = descriptor
        // Only the lock counts: on a full disk it is held without a pid in the file.
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = unsafe pwrite(descriptor, text, text.count, 0)
    }

    /// Lets another writer in before this object is destroyed.
    func release() { _ = flock(descriptor, LOCK_UN) }

    // A child process that is being started still shares the descriptor, and with it the lock.
    deinit {
        release()
        close(descriptor)
    }

    private static func pid(_ descriptor: Int32) -> Int32 {
        var text = [UInt8](repeating: 0, count: 16)
        let count = unsafe pread(descriptor, &text, text.count, 0)
        let line = text.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
        return Int32(String(decoding: line, as: UTF8.self)) ?? 0
    }
}
