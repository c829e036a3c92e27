import LMDB
import Synchronization
package import TransparencyLog

extension EventLog {
    /// On a reader: looks at the newest commit, which `size`, `headHash` and `checkpoint` then speak of.
    ///
    /// On a writer it does nothing. Every other reading function looks at the newest commit by itself.
    package func refresh() throws(EventLogError) {
        guard signer == nil else { return }
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        guard let newest = try storage({ () throws(LMDBError) in try store.newest(transaction) }), newest.size > 0
        else { return }
        let head = try storage { () throws(LMDBError) -> Hash256? in
            unsafe try transaction.get(store.entries, newest.size - 1).map { unsafe leafHash($0) }
        }
        guard let head else { throw .outOfRange(sequence: newest.size - 1, size: newest.size) }
        state.withLock { state in
            state.size = newest.size
            state.headHash = head
            state.checkpoint = newest.note
        }
    }

    /// The bytes of an entry, or nil where the log is not that long.
    package func entry(_ sequence: UInt64) throws(EventLogError) -> [UInt8]? {
        try storage { () throws(LMDBError) in
            unsafe try store.environment.read().get(store.entries, sequence).map { unsafe [UInt8]($0) }
        }
    }

    /// Reads entries in order from one snapshot, up to `to` (not included) or the newest; `body` says whether to go on.
    ///
    /// The bytes are in place and valid only within `body`. While it runs, pages that the writer gives up are not reused.
    package func scan(
        from: UInt64, to: UInt64 = .max, body: (UInt64, UnsafeRawBufferPointer) -> Bool
    ) throws(EventLogError) {
        try storage { () throws(LMDBError) in
            let transaction = try store.environment.read()
            var cursor = try transaction.cursor(store.entries)
            var item = try cursor.seek(from)
            while let found = item, found.integerKey < to {
                guard unsafe body(found.integerKey, found.value) else { return }
                item = try cursor.next()
            }
        }
    }

    /// The hashes stored for a tile, up to 256; empty where there is none.
    package func tile(level: Int, index: UInt64) throws(EventLogError) -> [Hash256] {
        guard (0...TilePath.levelMax).contains(level) else { return [] }
        return try storage { () throws(LMDBError) in
            try store.tile(try store.environment.read(), level, index)
        }
    }

    /// Reads the signed checkpoints in order, from the first with a tree size of at least `size`; `body` says whether to
    /// go on.
    package func checkpoints(
        from size: UInt64 = 0, body: (UInt64, String) -> Bool
    ) throws(EventLogError) {
        try storage { () throws(LMDBError) in
            let transaction = try store.environment.read()
            var cursor = try transaction.cursor(store.commits)
            var item = try cursor.seek(size)
            while let found = item {
                guard unsafe body(found.integerKey, String(decoding: found.value, as: UTF8.self)) else { return }
                item = try cursor.next()
            }
        }
    }

    /// The checkpoint of the commit that an entry was made durable in, or nil where it is not in the log.
    package func checkpoint(covering sequence: UInt64) throws(EventLogError) -> String? {
        var found: String?
        try checkpoints(from: sequence + 1) { _, note in
            found = note
            return false
        }
        return found
    }

    /// Writes a consistent copy of the log into an existing empty directory, beside a running writer.
    package func copy(to directory: String) throws(EventLogError) {
        try storage { () throws(LMDBError) in try store.environment.copy(to: directory) }
    }
}
