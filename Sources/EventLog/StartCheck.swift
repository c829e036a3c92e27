import LMDB
import TransparencyLog

/// What a writer checks before it appends: that the newest entries and the tree are those of the newest checkpoint.
///
/// It costs one signature and at most 256 leaf hashes, whatever the log's size. It finds a changed tail and changed
/// tiles; older entries are for the verifier.
struct StartCheck {
    let store: LogStore
    let meta: Meta

    /// The state to go on from.
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

    /// Hashes the entries of the last tile and compares them with it; gives the last one's hash.
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
