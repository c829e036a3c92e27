import Glibc
package import LMDB
package import TransparencyLog

extension EventLog {
    /// Makes an empty log in a directory, which is made too where it does not exist.
    ///
    /// A crash in here leaves a directory with no format version, which `create` takes again and `open` refuses.
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

    /// Opens a log for appending, as its one writer, after checking its newest entries against what was signed.
    ///
    /// Refuses a second writer with the first one's pid, a key that is not the log's, and a log that was changed.
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

    /// Opens a log for reading, beside a running writer or without one.
    package static func openReader(directory: String) throws(EventLogError) -> EventLog {
        try requireData(directory)
        let (store, meta) = try open(directory, mapSize: 0, readOnly: true, faults: nil)
        let state = State(size: 0, headHash: genesisHash(origin: meta.origin), checkpoint: nil, tree: TreeAppender())
        let log = EventLog(directory, store, meta, signer: nil, lock: nil, state: state)
        try log.refresh()
        if let note = log.checkpoint { try log.checkNewest(note, meta) }
        return log
    }

    /// The newest checkpoint is one of the log's key and of the size it is kept under: else the file is damaged.
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
