import CLMDB
import Glibc
import Synchronization

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
        // LMDB reads no further than this looks, but for the pages that `checkPages` looks at.
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

/// Throws where a return code is not success.
@inline(__always)
func check(_ code: Int32, _ operation: StaticString, table: String? = nil) throws(LMDBError) {
    if code != 0 { throw LMDBError(code, operation, table: table) }
}
