import LMDB
import TransparencyLog

extension EventLog {
    /// Reads entries in order as `scan` does, each only after it is verified against the newest signed checkpoint.
    ///
    /// A stored hash counts only if the hashes above it lead to the signed root, so a change of an entry and its hash
    /// on the disk is found unless it was made with the key. It costs one hash per entry and one more for the tree.
    /// - Throws: `tampered` with the first sequence that is not as it was signed.
    package func scanSigned(
        from: UInt64, body: (UInt64, UnsafeRawBufferPointer) -> Bool
    ) throws(EventLogError) {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        guard let newest = try storage({ () throws(LMDBError) in try store.newest(transaction) }), from < newest.size
        else { return }
        var tiles = try SignedTiles(store, transaction, newest, key: verifierKey)
        var hashes: [Hash256] = []
        unsafe try scan(transaction, from..<newest.size) { sequence, bytes throws(EventLogError) in
            if hashes.isEmpty || sequence & 255 == 0 { hashes = try tiles.tile(0, sequence >> 8) }
            unsafe try Self.compare(bytes, sequence, hashes[Int(sequence & 255)])
            return unsafe body(sequence, bytes)
        }
    }
}

/// The stored tiles of a tree, each trusted only if it leads to the root of a signed checkpoint.
struct SignedTiles {
    private let store: LogStore
    private let transaction: ReadTransaction
    private let size: UInt64
    /// The last tile read on each level.
    private var known: [Int: (index: UInt64, hashes: [Hash256])] = [:]

    /// - Throws: `tampered` if the checkpoint is not signed by the log's key, or the tree's right edge does not lead to
    ///   its root.
    init(
        _ store: LogStore, _ transaction: ReadTransaction, _ newest: (size: UInt64, note: [UInt8]), key: VerifierKey
    ) throws(EventLogError) {
        self.store = store
        self.transaction = transaction
        size = newest.size
        let last = newest.size - 1
        let checkpoint: Checkpoint
        do throws(NoteError) { checkpoint = try Checkpoint.open(newest.note, key: key, origin: key.name) } catch {
            throw .tampered(
                sequence: last, what: "newest checkpoint", expected: "one signed by the log's key", found: "\(error)")
        }
        let tree = try storage { () throws(LMDBError) in
            try TreeAppender(size: newest.size) { level, index throws(LMDBError) in
                try store.tile(transaction, level, index)
            }
        }
        guard let tree, checkpoint.size == size, tree.root() == checkpoint.root else {
            throw .tampered(
                sequence: last, what: "root of the stored tree", expected: checkpoint.root.base64,
                found: tree?.root().base64 ?? "fewer hashes")
        }
    }

    /// The hashes of a tile: those of the right edge are known to be right, a full one's lead to a hash of the tile above.
    mutating func tile(_ level: Int, _ index: UInt64) throws(EventLogError) -> [Hash256] {
        if let last = known[level], last.index == index { return last.hashes }
        let hashes = try storage { () throws(LMDBError) in try store.tile(transaction, level, index) }
        if index < size >> UInt64(8 * (level + 1)) {
            let above = try tile(level + 1, index >> 8)[Int(index & 255)]
            guard hashes.count == 256, TileNodes<Never>.root(hashes[...]) == above else {
                throw try firstOther(hashes, level, index, above)
            }
        }
        known[level] = (index, hashes)
        return hashes
    }

    /// The first entry whose stored hash cannot be the signed one, as near as the tiles tell.
    private func firstOther(
        _ hashes: [Hash256], _ level: Int, _ index: UInt64, _ above: Hash256
    ) throws(EventLogError) -> EventLogError {
        let first = index << UInt64(8 * (level + 1))
        let found = hashes.count == 256 ? TileNodes<Never>.root(hashes[...]).base64 : "\(hashes.count) hashes"
        var sequence = first
        if level == 0 {
            // Each entry carries the hash of the one before, so the first one that the next contradicts was changed.
            for (i, hash) in hashes.enumerated().dropLast() {
                let next = try storage { () throws(LMDBError) in
                    unsafe try transaction.get(store.entries, first + UInt64(i) + 1).map { unsafe [UInt8]($0) }
                }
                guard let next, !EntryLink.carries(hash, next) else { continue }
                sequence = first + UInt64(i)
                break
            }
        }
        return .tampered(sequence: sequence, what: "hash of the tree", expected: above.base64, found: found)
    }
}

/// The link from an entry to the one before it.
enum EntryLink {
    /// Returns whether an entry carries a hash as that of the entry before.
    static func carries(_ hash: Hash256, _ entry: [UInt8]) -> Bool {
        let link = Array("\"previoushash\":\"\(hash.base64)\"".utf8)
        guard entry.count >= link.count else { return false }
        return (0...(entry.count - link.count)).contains { entry[$0..<($0 + link.count)].elementsEqual(link) }
    }
}
