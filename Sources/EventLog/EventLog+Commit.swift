import Glibc
import LMDB
import Synchronization
import TransparencyLog

extension EventLog {
    /// Appends the entries of a buffer, in one synced transaction with the tree and a signed checkpoint, which it returns.
    ///
    /// The caller is responsible for the entries' own `sequence` and `previoushash`.
    /// - Throws: `storage` if nothing was appended and the log continues; `mustReopen` if the entries may or may not be
    ///   in the log, and for every later commit until the log has been opened again.
    package func commit(_ batch: CommitBuffer) throws(EventLogError) -> String {
        guard let signer else { throw .readOnly }
        precondition(batch.count > 0, "a commit holds at least one entry")
        let (size, before, broken) = state.withLock { ($0.size, $0.tree, $0.mustReopen) }
        if let broken { throw .mustReopen(broken) }
        clearDeadReaders()
        var tree = before
        var note: [UInt8] = []
        let transaction = try fill(batch, from: size, &tree, &note, signer)
        do throws(LMDBError) {
            // On the disk until this returns: the old state; then the new one. A crash in between leaves one of the
            // two, whole: LMDB's meta page names the valid tree of pages.
            try transaction.commit()
        } catch {
            throw afterFailedCommit(error, size)
        }
        let head = batch.leafHash(batch.count - 1)
        state.withLock { state in
            state = State(size: tree.size, headHash: head, checkpoint: note, tree: tree)
        }
        return String(decoding: note, as: UTF8.self)
    }

    /// Fills the transaction. If this fails, the disk holds the old state and the log continues.
    private func fill(
        _ batch: CommitBuffer, from size: UInt64, _ tree: inout TreeAppender, _ note: inout [UInt8],
        _ signer: NoteSigner
    ) throws(EventLogError) -> WriteTransaction {
        let transaction = try storage { () throws(LMDBError) in try store.environment.write() }
        try storage { () throws(LMDBError) in
            try store.append(batch, to: transaction, from: size, &tree)
            let checkpoint = Checkpoint(origin: origin, size: tree.size, root: tree.root())
            note = signer.sign(checkpoint.text)
            try store.put(note, at: tree.size, in: transaction)
        }
        return transaction
    }

    /// Classifies a failed commit. A full disk or map is found before anything points at the new pages, so if the
    /// newest checkpoint is still the old one the log continues; after any other failure it is unknown what was
    /// written.
    func afterFailedCommit(_ error: LMDBError, _ size: UInt64) -> EventLogError {
        let isFull = error.code == .noSpace || error.code == .mapFull || error.code == .transactionFull
        if isFull,
            let newest = try? storage({ () throws(LMDBError) -> UInt64 in
                try store.newest(try store.environment.read())?.size ?? 0
            }), newest == size
        {
            return .storage(error)
        }
        state.withLock { $0.mustReopen = error }
        return .mustReopen(error)
    }
}

extension LogStore {
    /// Appends the entries of a buffer behind the first `size`, and the tiles of the tree that grows by them.
    func append(
        _ batch: CommitBuffer, to transaction: borrowing WriteTransaction, from size: UInt64, _ tree: inout TreeAppender
    ) throws(LMDBError) {
        for i in 0..<batch.count {
            let failure = unsafe batch.withEntry(i) { entry -> LMDBError? in
                do throws(LMDBError) {
                    let room = unsafe try transaction.putReserve(
                        entries, size + UInt64(i), count: entry.count, .append)
                    unsafe room.copyMemory(from: entry)
                    return nil
                } catch {
                    return error
                }
            }
            if let failure { throw failure }
            try tree.append(batch.leafHash(i)) { level, index, hashes throws(LMDBError) in
                try put(hashes, level, index, in: transaction)
            }
        }
        try tree.forEachPartialTile(grownSince: size) { level, index, hashes throws(LMDBError) in
            try put(hashes, level, index, in: transaction)
        }
    }

    private func put(
        _ hashes: [Hash256], _ level: Int, _ index: UInt64, in transaction: borrowing WriteTransaction
    ) throws(LMDBError) {
        let key = LogFormat.tileKey(level, index)
        let room = unsafe try key.withBytes { key throws(LMDBError) in
            unsafe try transaction.putReserve(tiles, key, count: hashes.count * Hash256.bytes)
        }
        unsafe hashes.withUnsafeBytes { unsafe room.copyMemory(from: $0) }
    }

    /// Puts the checkpoint of a commit after which the log has `size` entries.
    func put(
        _ note: [UInt8], at size: UInt64, in transaction: borrowing WriteTransaction
    ) throws(LMDBError) {
        unsafe try note.withBytes { note throws(LMDBError) in
            unsafe try transaction.put(commits, size, note, .append)
        }
    }
}
