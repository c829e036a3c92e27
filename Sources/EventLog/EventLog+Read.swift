import LMDB
import Synchronization
package import TransparencyLog

extension EventLog {
    /// On a reader, moves to the newest commit, which `size`, `headHash` and `checkpoint` then describe.
    ///
    /// On a writer it does nothing. Every other reading function looks at the newest commit anyway.
    /// - Throws: `storage` where the commit cannot be read, `damaged` where its last entry is missing.
    package func refresh() throws(EventLogError) {
        guard signer == nil else { return }
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        guard let newest = try storage({ () throws(LMDBError) in try store.newest(transaction) }), newest.size > 0
        else { return }
        let head = try storage { () throws(LMDBError) -> Hash256? in
            unsafe try transaction.get(store.entries, newest.size - 1).map { unsafe leafHash($0) }
        }
        guard let head else { throw .damaged(directory, "it has no entry \(newest.size - 1) of \(newest.size)") }
        state.withLock { state in
            // Another thread may have read a newer one meanwhile.
            guard newest.size >= state.size else { return }
            state.size = newest.size
            state.headHash = head
            state.checkpoint = newest.note
        }
    }

    /// The bytes of an entry; nil past the end of the log.
    /// - Throws: `tampered` if they are not those that were hashed into the tree.
    package func entry(_ sequence: UInt64) throws(EventLogError) -> [UInt8]? {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        let size = try storage { () throws(LMDBError) in try store.newest(transaction) }?.size ?? 0
        guard sequence < size else { return nil }
        let entry = try storage { () throws(LMDBError) in
            unsafe try transaction.get(store.entries, sequence).map { unsafe [UInt8]($0) }
        }
        guard let entry else { throw .damaged(directory, "it has no entry \(sequence) of \(size)") }
        if let hash = try store.leaf(transaction, sequence, size: size) {
            unsafe try entry.withBytes { bytes throws(EventLogError) in unsafe try Self.compare(bytes, sequence, hash) }
        }
        return entry
    }

    /// Reads entries in order from one snapshot, up to `to` (excluded) or the newest, while `body` returns true.
    ///
    /// The bytes are in place and valid only within `body`. While it runs, pages that the writer gives up are not
    /// reused.
    /// - Throws: `damaged` if an entry is missing or stored under another key, `tampered` if one is not what was hashed
    ///   into the tree.
    package func scan(
        from: UInt64, to: UInt64 = .max, body: (UInt64, UnsafeRawBufferPointer) -> Bool
    ) throws(EventLogError) {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        let size = try storage { () throws(LMDBError) in try store.newest(transaction) }?.size ?? 0
        unsafe try scanHashed(transaction, from..<max(from, min(to, size)), size: size, body: body)
    }

    /// Reads as `scan` does, but believes the entries: for an index, behind which they are read again.
    /// - Throws: `damaged` if an entry is missing or stored under another key.
    package func scanStored(
        from: UInt64, to: UInt64, body: (UInt64, UnsafeRawBufferPointer) -> Bool
    ) throws(EventLogError) {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        let size = try storage { () throws(LMDBError) in try store.newest(transaction) }?.size ?? 0
        unsafe try scan(transaction, from..<max(from, min(to, size))) { sequence, bytes in
            unsafe body(sequence, bytes)
        }
    }

    /// Reads the entries of a range in order and compares each with its stored hash.
    func scanHashed(
        _ transaction: ReadTransaction, _ range: Range<UInt64>, size: UInt64,
        body: (UInt64, UnsafeRawBufferPointer) -> Bool
    ) throws(EventLogError) {
        var hashes: [Hash256] = []
        unsafe try scan(transaction, range) { sequence, bytes throws(EventLogError) in
            if hashes.isEmpty || sequence & 255 == 0 {
                hashes = try storage { () throws(LMDBError) in try store.tile(transaction, 0, sequence >> 8) }
            }
            let i = Int(sequence & 255)
            if i < hashes.count {
                unsafe try Self.compare(bytes, sequence, hashes[i])
            } else if sequence >> 8 < size >> 8 {
                throw .damaged(directory, "it has no hash of entry \(sequence)")
            }
            return unsafe body(sequence, bytes)
        }
    }

    /// Reads the entries of a range in order and checks that each is there.
    func scan(
        _ transaction: ReadTransaction, _ range: Range<UInt64>,
        body: (UInt64, UnsafeRawBufferPointer) throws(EventLogError) -> Bool
    ) throws(EventLogError) {
        guard !range.isEmpty else { return }
        var cursor = try storage { () throws(LMDBError) in try transaction.cursor(store.entries) }
        var item = try stored { () throws(LMDBError) in try cursor.seek(range.lowerBound) }
        for sequence in range {
            guard let found = item else { throw .damaged(directory, "it has no entry \(sequence)") }
            guard found.integerKey == sequence else {
                throw .damaged(directory, "it has entry \(found.integerKey) in the place of \(sequence)")
            }
            guard unsafe try body(sequence, found.value) else { return }
            if sequence + 1 < range.upperBound {
                item = try stored { () throws(LMDBError) in try cursor.next() }
            }
        }
    }

    private func stored(_ body: () throws(LMDBError) -> Cursor.Item?) throws(EventLogError) -> Cursor.Item? {
        do throws(LMDBError) { return try body() } catch { throw .storage(error) }
    }

    static func compare(
        _ entry: UnsafeRawBufferPointer, _ sequence: UInt64, _ hash: Hash256
    ) throws(EventLogError) {
        let found = unsafe leafHash(entry)
        guard found != hash else { return }
        throw .tampered(sequence: sequence, what: "leaf hash", expected: hash.base64, found: found.base64)
    }

    /// The hashes stored for a tile, up to 256; empty if there is none.
    /// - Throws: `storage` where they cannot be read.
    package func tile(level: Int, index: UInt64) throws(EventLogError) -> [Hash256] {
        guard (0...TilePath.levelMax).contains(level) else { return [] }
        return try storage { () throws(LMDBError) in
            try store.tile(try store.environment.read(), level, index)
        }
    }

    /// The bytes of a tile or entry bundle by its path in a tlog-tiles directory (c2sp.org/tlog-tiles); nil if it is not
    /// such a path, or the log is not that long.
    /// - Throws: `storage`, `damaged` or `tampered` where it cannot be read.
    package func tile(at path: String) throws(EventLogError) -> [UInt8]? {
        guard let place = TilePath(path) else { return nil }
        if case .hashes(let level) = place.content {
            let hashes = try tile(level: level, index: place.index)
            return hashes.count >= place.width ? hashes.prefix(place.width).flatMap(\.array) : nil
        }
        let (first, isOver) = place.index.multipliedReportingOverflow(by: UInt64(TilePath.widthMax))
        guard !isOver, first <= .max - UInt64(TilePath.widthMax) else { return nil }
        var bundle: [UInt8] = []
        var count = 0
        unsafe try scan(from: first, to: first + UInt64(place.width)) { _, bytes in
            guard bytes.count <= EntryBundle.entryBytesMax else { return false }
            unsafe EntryBundle.append(bytes, to: &bundle)
            count += 1
            return true
        }
        return count == place.width ? bundle : nil
    }

    /// Reads the signed checkpoints in order, from the first with a tree size of at least `size`, while `body` returns
    /// true.
    /// - Throws: `storage` where they cannot be read.
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

    /// The checkpoint of the commit that made an entry durable; nil if the entry is not in the log.
    /// - Throws: `storage` where it cannot be read.
    package func checkpoint(covering sequence: UInt64) throws(EventLogError) -> String? {
        var found: String?
        try checkpoints(from: sequence + 1) { _, note in
            found = note
            return false
        }
        return found
    }

    /// Writes a consistent copy of the log into an existing empty directory, beside a running writer.
    /// - Throws: `storage` where it cannot be written.
    package func copy(to directory: String) throws(EventLogError) {
        try storage { () throws(LMDBError) in try store.environment.copy(to: directory) }
    }
}
