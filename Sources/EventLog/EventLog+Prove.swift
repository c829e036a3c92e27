import LMDB
package import TransparencyLog

extension EventLog {
    /// The receipt of an entry: its inclusion in the newest checkpoint, as a tlog-proof.
    /// - Throws: `empty` for a log without entries, `outOfRange` past the newest checkpoint, `damaged` or `tampered`
    ///   where the stored tree does not lead to it.
    package func receipt(_ sequence: UInt64) throws(EventLogError) -> String {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        guard let newest = try storage({ () throws(LMDBError) in try store.newest(transaction) }) else { throw .empty }
        guard sequence < newest.size else { throw .outOfRange(sequence: sequence, size: newest.size) }
        var nodes = nodes(transaction)
        let proof = try InclusionProof.make(index: sequence, size: newest.size) {
            (level, index) throws(EventLogError) in try nodes.node(level, index)
        }
        try check(proof, newest)
        return String(decoding: TLogProof(inclusion: proof, checkpoint: newest.note).text, as: UTF8.self)
    }

    /// The checkpoint of the commit after which the log had `size` entries, and the proofs of entries in it, each checked.
    /// - Throws: `noCommit` if that is not the size of a commit, `outOfRange` past it, `damaged` or `tampered` where the
    ///   stored tree does not lead to it.
    package func proofs(
        of sequences: [UInt64], size: UInt64
    ) throws(EventLogError) -> (checkpoint: [UInt8], proofs: [InclusionProof]) {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        let (checkpoint, note) = try commit(size, transaction)
        var nodes = nodes(transaction)
        var proofs: [InclusionProof] = []
        for sequence in sequences {
            guard sequence < size, let entry = try entry(sequence) else {
                throw .outOfRange(sequence: sequence, size: size)
            }
            let proof = try InclusionProof.make(index: sequence, size: size) { (level, index) throws(EventLogError) in
                try nodes.node(level, index)
            }
            let root = try? proof.root(leaf: leafHash(entry), size: size)
            guard root == checkpoint.root else {
                throw .tampered(
                    sequence: sequence, what: "root of its proof", expected: checkpoint.root.base64,
                    found: root?.base64 ?? "none")
            }
            proofs.append(proof)
        }
        return (note, proofs)
    }

    /// Verifies a receipt before it is handed out.
    private func check(
        _ proof: InclusionProof, _ newest: (size: UInt64, note: [UInt8])
    ) throws(EventLogError) {
        guard let entry = try entry(proof.index) else {
            throw .damaged(directory, "it has no entry \(proof.index)")
        }
        let checkpoint: Checkpoint
        do throws(NoteError) {
            checkpoint = try Checkpoint.open(newest.note, key: verifierKey, origin: origin)
        } catch {
            throw .damaged(directory, "its newest checkpoint is not one: \(error)")
        }
        let root = try? proof.root(leaf: leafHash(entry), size: newest.size)
        guard root == checkpoint.root else {
            throw .tampered(
                sequence: proof.index, what: "root of its proof", expected: checkpoint.root.base64,
                found: root?.base64 ?? "none")
        }
    }

    /// The proof that the tree of `to` entries continues that of `from`; both at most the newest size.
    /// - Throws: `outOfRange` where `from` is above `to`, or `to` above the newest size, `tampered` where a tile lacks
    ///   hashes.
    package func consistency(from old: UInt64, to new: UInt64) throws(EventLogError) -> ConsistencyProof {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        let newest = try storage { () throws(LMDBError) in try store.newest(transaction) }?.size ?? 0
        guard new <= newest, old <= new else { throw .outOfRange(sequence: max(old, new), size: newest) }
        var nodes = nodes(transaction)
        return try ConsistencyProof.make(from: old, to: new) { (level, index) throws(EventLogError) in
            try nodes.node(level, index)
        }
    }

    /// The request to a witness to cosign the checkpoint of one commit after that of another, as c2sp.org/tlog-witness
    /// lays it out.
    /// - Throws: `noCommit` if a size is not that of a commit, `tampered` if the proof does not hold.
    package func consistencyRequest(
        from old: UInt64, to new: UInt64
    ) throws(EventLogError) -> ConsistencyRequest {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        let (before, _) = try commit(old, transaction), (after, note) = try commit(new, transaction)
        guard old <= new else { throw .outOfRange(sequence: old, size: new) }
        var nodes = nodes(transaction)
        let proof = try ConsistencyProof.make(from: old, to: new) { (level, index) throws(EventLogError) in
            try nodes.node(level, index)
        }
        do throws(ProofError) { try proof.verify(from: old, before.root, to: new, after.root) } catch {
            throw .tampered(
                sequence: old, what: "consistency", expected: after.root.base64, found: "\(error)")
        }
        return ConsistencyRequest(oldSize: old, proof: proof, checkpoint: note)
    }

    /// The text of that request.
    package func consistencyText(from old: UInt64, to new: UInt64) throws(EventLogError) -> [UInt8] {
        try consistencyRequest(from: old, to: new).text
    }

    /// The checkpoint of the commit after which the log had `size` entries.
    private func commit(
        _ size: UInt64, _ transaction: ReadTransaction
    ) throws(EventLogError) -> (checkpoint: Checkpoint, note: [UInt8]) {
        let note = try storage { () throws(LMDBError) in
            unsafe try transaction.get(store.commits, size).map { unsafe [UInt8]($0) }
        }
        guard let note, size > 0 else { throw .noCommit(size: size) }
        do throws(NoteError) {
            return (try Checkpoint.open(note, key: verifierKey, origin: origin), note)
        } catch {
            throw .damaged(directory, "its checkpoint of \(size) entries is not one: \(error)")
        }
    }

    /// The root of the tree over the first `size` entries.
    /// - Throws: `outOfRange` for a size above the newest, `tampered` where a tile lacks hashes.
    package func root(size: UInt64) throws(EventLogError) -> Hash256 {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        let newest = try storage { () throws(LMDBError) in try store.newest(transaction) }?.size ?? 0
        guard size <= newest else { throw .outOfRange(sequence: size, size: newest) }
        var nodes = nodes(transaction)
        return try Subtree.root(size: size) { (level, index) throws(EventLogError) in try nodes.node(level, index) }
    }

    /// The hashes of complete subtrees, by level and index, read from one snapshot.
    package func subtrees() -> (Int, UInt64) throws(EventLogError) -> Hash256 {
        var nodes: TileNodes<EventLogError>?
        return { [self] level, index throws(EventLogError) in
            if nodes == nil {
                nodes = self.nodes(try storage { () throws(LMDBError) in try store.environment.read() })
            }
            return try nodes?.node(level, index) ?? Hash256()
        }
    }

    private func nodes(_ transaction: ReadTransaction) -> TileNodes<EventLogError> {
        let store = store
        return TileNodes { level, index, width throws(EventLogError) in
            let hashes = try storage { () throws(LMDBError) in try store.tile(transaction, level, index) }
            guard hashes.count >= width else {
                let first = index << UInt64(8 * (level + 1)), what = "tile \(level)/\(index)"
                throw .tampered(sequence: first, what: what, expected: "\(width) hashes", found: "\(hashes.count)")
            }
            return hashes
        }
    }
}
