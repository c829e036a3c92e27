import CLMDB
import Glibc
import Synchronization

/// One LMDB directory (`data.mdb`, `lock.mdb`): named tables, one writer at a time, readers that never wait.
///
/// Open it once, with all its tables, and keep it: opening costs system calls and a lock file.
///
/// A `ReadTransaction` is a snapshot of the newest commit, a `WriteTransaction` the one change in progress; both read
/// values in place, by key or with a `Cursor`. Environments of one file share LMDB's handle (`SharedHandle`). LMDB
/// trusts its file, so `PageCheck` checks the pages before it opens one. `FaultyStore` injects failures for tests.
package final class Environment: @unchecked Sendable {
    /// Options for opening an environment.
    package struct Options: Sendable {
        /// The size of the memory map in bytes; the file is sparse. 0 takes the size that the file states.
        package var mapSize: Int = 1 << 40
        /// The most named tables that may be open.
        package var maxTables: UInt32 = 16
        /// The most read transactions that may be open in all processes together.
        package var maxReaders: UInt32 = 126
        /// Opens for reading only; the directory must exist.
        package var isReadOnly = false
        /// Makes each commit durable before it returns; false only for data that can be rebuilt.
        package var syncsCommits = true
        /// Lets the system read ahead: right for scans, wrong for random reads of large files.
        package var readsAhead = true
        /// Accepts an empty `data.mdb`, as a crash during creation leaves it, and fills it; otherwise it counts as
        /// damaged.
        package var takesEmptyFile = false
        /// Checks every page on opening, however large the file is.
        package var checksEveryPage = false
        /// Failures for tests to inject.
        package var faults: FaultyStore?

        /// The defaults: 1 TiB, 16 tables, synced.
        package init() {}
    }

    /// The directory.
    package let path: String
    let handle: SharedHandle
    let faults: FaultyStore?

    var env: OpaquePointer { unsafe handle.env }

    /// Opens the environment in an existing directory, clears the reader slots of processes that died and checks the
    /// pages: each one in a file of at most 64 MiB, in a larger one those that lead to others.
    /// - Throws: `damaged` if a page cannot be right.
    package init(path: String, options: Options = Options()) throws(LMDBError) {
        self.path = path
        faults = options.faults
        handle = try SharedHandle.open(path, options)
    }

    deinit { handle.release() }

    /// Opens a named table, creating it if `create` is set.
    ///
    /// Must not be called inside a write transaction of the same thread; a transaction begun before does not see the
    /// table.
    package func table(_ name: String, keys: NamedTable.Keys = .bytes, create: Bool = false)
        throws(LMDBError) -> NamedTable
    {
        try handle.tables.withLock { _ throws(LMDBError) -> NamedTable in
            let readOnly = handle.isReadOnly || !create
            var txn: OpaquePointer?
            try check(unsafe mdb_txn_begin(env, nil, readOnly ? UInt32(MDB_RDONLY) : 0, &txn), "begin", table: name)
            var flags: UInt32 = keys == .integer ? UInt32(MDB_INTEGERKEY) : 0
            if create && !readOnly { flags |= UInt32(MDB_CREATE) }
            var dbi: MDB_dbi = 0
            let opened = unsafe mdb_dbi_open(txn, name, flags, &dbi)
            guard opened == 0 else {
                unsafe mdb_txn_abort(txn)
                throw LMDBError(opened, "open table", table: name)
            }
            try check(unsafe mdb_txn_commit(txn), "commit", table: name)
            return NamedTable(dbi: dbi, name: name, keys: keys)
        }
    }

    /// A read transaction on the newest commit.
    /// - Throws: the `LMDBError` of the call, `readersFull` where every reader slot is in use.
    package func read() throws(LMDBError) -> ReadTransaction { try ReadTransaction(self) }

    /// The write transaction, after waiting for another writer to end. Bound to the calling thread.
    /// - Throws: the `LMDBError` of the call, `noPermission` in an environment opened for reading.
    package func write() throws(LMDBError) -> WriteTransaction { try WriteTransaction(self) }

    /// Checks every page of the newest commit, beside a running writer.
    /// - Throws: `damaged` with the first page that cannot be right.
    package func checkPages() throws(LMDBError) { unsafe try PageCheck.run(env, path, isWhole: true) }

    /// Frees the snapshots of readers whose processes died, which keep pages from being reused.
    /// - Throws: the `LMDBError` of the call.
    package func clearDeadReaders() throws(LMDBError) {
        var cleared: Int32 = 0
        try check(unsafe mdb_reader_check(env, &cleared), "clear stale readers")
    }

    /// Makes all commits durable, in an environment that does not sync each of them.
    /// - Throws: the `LMDBError` of the call.
    package func sync() throws(LMDBError) {
        let fault = faults?.next(.sync)
        if let fault, fault.effect == .lost { throw LMDBError(fault.code, "sync") }
        try check(unsafe mdb_env_sync(env, 1), "sync")
        if let fault { throw LMDBError(fault.code, "sync") }
    }

    /// Writes a consistent copy of the environment into an existing empty directory, beside a running writer.
    /// - Throws: the `LMDBError` of the call.
    package func copy(to directory: String, compacting: Bool = true) throws(LMDBError) {
        try check(unsafe mdb_env_copy2(env, directory, compacting ? UInt32(MDB_CP_COMPACT) : 0), "copy")
    }

    /// Indicates that the file system has less room than a small commit needs: 1 MiB.
    var isDiskFull: Bool { (freeBytes ?? .max) < 1 << 20 }

    /// The bytes on the file system that this process may use; nil if the system does not say.
    private var freeBytes: UInt64? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        return UInt64(geteuid() == 0 ? status.f_bfree : status.f_bavail) * UInt64(status.f_frsize)
    }

    /// Tests, without keeping anything, that a value of `bytes` bytes finds room in the map and on the disk.
    /// - Parameter table: one with integer keys, of which the largest must be free.
    /// - Throws: the error that a commit of the value would meet.
    package func checkRoom(bytes: Int, in table: NamedTable) throws(LMDBError) {
        if let free = freeBytes, free < UInt64(bytes) { throw LMDBError(ENOSPC, "commit") }
        let transaction = try write()
        _ = unsafe try transaction.putReserve(table, UInt64.max, count: bytes, .append)
    }

    /// The number of bytes of the map in use.
    package var usedBytes: Int {
        var info = unsafe MDB_envinfo()
        var stat = MDB_stat()
        guard unsafe mdb_env_info(env, &info) == 0, unsafe mdb_env_stat(env, &stat) == 0 else { return 0 }
        return unsafe (info.me_last_pgno + 1) * Int(stat.ms_psize)
    }

    /// The size of the map in bytes.
    package var mapSize: Int {
        var info = unsafe MDB_envinfo()
        guard unsafe mdb_env_info(env, &info) == 0 else { return 0 }
        return unsafe info.me_mapsize
    }

    /// The length of the longest key in bytes.
    package static let keyBytesMax = 511
}

/// A handle of a table in an environment; valid as long as the environment.
package struct NamedTable: Sendable {
    /// The order of keys.
    package enum Keys: Hashable, Sendable {
        /// As bytes, at most 511 of them.
        case bytes
        /// As unsigned 64-bit integers in the machine's order.
        case integer
    }

    let dbi: MDB_dbi
    /// The table's name in the environment.
    package let name: String
    /// The order of its keys.
    package let keys: Keys
}

/// The one `MDB_env` of a file in this process.
///
/// LMDB forbids opening a file twice in one process: closing the second would drop the first one's file locks. So
/// environments of the same file share one handle, counted in a registry under one lock.
@safe final class SharedHandle: @unchecked Sendable {
    struct FileID: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    let env: OpaquePointer
    let isReadOnly: Bool
    /// Held while a table is opened: LMDB allows only one transaction at a time to open tables.
    let tables = Mutex<Void>(())
    private var file: FileID?
    private var users = 1

    private static let registry = Mutex<[FileID: SharedHandle]>([:])

    private init(env: OpaquePointer, isReadOnly: Bool) {
        unsafe self.env = env
        self.isReadOnly = isReadOnly
    }

    static func open(_ path: String, _ options: Environment.Options) throws(LMDBError) -> SharedHandle {
        try registry.withLock { open throws(LMDBError) -> SharedHandle in
            if let id = fileID(path), let handle = open[id] {
                if handle.isReadOnly && !options.isReadOnly { throw LMDBError(.openForReading, "open") }
                handle.users += 1
                return handle
            }
            let handle = try create(path, options)
            if let id = fileID(path) {
                handle.file = id
                open[id] = handle
            }
            return handle
        }
    }

    func release() {
        Self.registry.withLock { open in
            users -= 1
            guard users == 0 else { return }
            if let file { open[file] = nil }
            unsafe mdb_env_close(env)
        }
    }

    private static func create(_ path: String, _ options: Environment.Options) throws(LMDBError) -> SharedHandle {
        let isEmpty = options.takesEmptyFile && PageFile.isEmpty(path + "/data.mdb")
        // LMDB reads no page that was not checked here, except those left to `checkPages`.
        let exists = isEmpty ? false : try PageFile.open(path + "/data.mdb") != nil
        var env: OpaquePointer?
        try check(unsafe mdb_env_create(&env), "create environment")
        guard let env = unsafe env else { throw LMDBError(ENOMEM, "create environment") }
        do throws(LMDBError) {
            if options.mapSize > 0 { try check(unsafe mdb_env_set_mapsize(env, options.mapSize), "set map size") }
            try check(unsafe mdb_env_set_maxdbs(env, options.maxTables), "set table limit")
            try check(unsafe mdb_env_set_maxreaders(env, options.maxReaders), "set reader limit")
            try check(unsafe mdb_env_set_assert(env, clmdb_assertion), "set assertion")
            var flags = UInt32(MDB_NOTLS)
            if !options.readsAhead { flags |= UInt32(MDB_NORDAHEAD) }
            if options.isReadOnly { flags |= UInt32(MDB_RDONLY) }
            if !options.syncsCommits { flags |= UInt32(MDB_NOSYNC) }
            try check(unsafe mdb_env_open(env, path, flags, 0o600), "open")
            var cleared: Int32 = 0
            try check(unsafe mdb_reader_check(env, &cleared), "clear stale readers")
            if exists { unsafe try PageCheck.run(env, path, isWhole: options.checksEveryPage) }
        } catch {
            unsafe mdb_env_close(env)
            throw error
        }
        return unsafe SharedHandle(env: env, isReadOnly: options.isReadOnly)
    }

    private static func fileID(_ path: String) -> FileID? {
        var status = stat()
        guard unsafe stat(path + "/data.mdb", &status) == 0 else { return nil }
        return FileID(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }
}

/// Checks a return code.
/// - Throws: the error, if the code is not success.
@inline(__always)
func check(_ code: Int32, _ operation: StaticString, table: String? = nil) throws(LMDBError) {
    if code != 0 { throw LMDBError(code, operation, table: table) }
}
