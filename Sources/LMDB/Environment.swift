import CLMDB
import Glibc
import Synchronization

/// One LMDB directory (`data.mdb`, `lock.mdb`): named tables, one writer at a time, readers that never wait.
///
/// Open it once, with all its tables, and keep it: opening costs system calls and a lock file.
package final class Environment: @unchecked Sendable {
    /// How to open an environment.
    package struct Options: Sendable {
        /// The size of the memory map in bytes; the file is sparse. 0 takes what the file says.
        package var mapSize: Int = 1 << 40
        /// How many named tables may be open.
        package var maxTables: UInt32 = 16
        /// How many read transactions may be open in all processes together.
        package var maxReaders: UInt32 = 126
        /// Opens for reading only; the directory must exist.
        package var isReadOnly = false
        /// Whether a commit is on the disk when it returns; false only for data that can be made again.
        package var syncsCommits = true
        /// Whether the system reads ahead of what is asked for: right for scans, wrong for random reads of large files.
        package var readsAhead = true
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

    /// Opens the environment in an existing directory and clears the reader slots of processes that died.
    package init(path: String, options: Options = Options()) throws(LMDBError) {
        self.path = path
        faults = options.faults
        handle = try SharedHandle.open(path, options)
    }

    deinit { handle.release() }

    /// Opens a named table, creating it where `create` says so.
    ///
    /// Must not be called inside a write transaction of the same thread; a transaction begun before does not know it.
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
    package func read() throws(LMDBError) -> ReadTransaction { try ReadTransaction(self) }

    /// The write transaction: waits for another writer to end. Bound to the calling thread.
    package func write() throws(LMDBError) -> WriteTransaction { try WriteTransaction(self) }

    /// Makes all commits durable, where commits are not synced by themselves.
    package func sync() throws(LMDBError) {
        let fault = faults?.next(.sync)
        if let fault, fault.effect == .lost { throw LMDBError(fault.code, "sync") }
        try check(unsafe mdb_env_sync(env, 1), "sync")
        if let fault { throw LMDBError(fault.code, "sync") }
    }

    /// Writes a consistent copy of the environment into an existing empty directory, beside a running writer.
    package func copy(to directory: String, compacting: Bool = true) throws(LMDBError) {
        try check(unsafe mdb_env_copy2(env, directory, compacting ? UInt32(MDB_CP_COMPACT) : 0), "copy")
    }

    /// Whether the file system has less room than a small commit needs: 1 MiB.
    var isDiskFull: Bool {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return false }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) < 1 << 20
    }

    /// How many bytes of the map are used.
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

    /// The largest key, in bytes.
    package static let keyBytesMax = 511
}
