import LMDB
import Synchronization
package import TransparencyLog

/// The log as a copy of another, which signs it: entries come from elsewhere, each time up to a checkpoint.
extension EventLog {
    /// Creates the empty copy of the log with a key, given as text.
    /// - Throws: `malformedKey` if it is not a log's verifier key, otherwise as `create`.
    package static func createCopy(directory: String, key: String) throws(EventLogError) {
        let verifier: VerifierKey
        do throws(NoteError) {
            verifier = try VerifierKey(key)
            guard verifier.kind == .ed25519 else { throw .malformed("it is a witness's key") }
        } catch {
            throw .malformedKey(key, why: "\(error)")
        }
        try create(directory: directory, origin: verifier.name, verifierKey: verifier)
    }

    /// Appends the entries up to a checkpoint, in one synced transaction with the tree and the log's own note.
    ///
    /// Nothing is kept unless the entries give the checkpoint's root. LMDB keeps what is not committed yet in memory, at
    /// most some 512 MiB of it, and then in the file.
    /// - Parameters:
    ///   - note: the checkpoint as the log signed it.
    ///   - next: gives the next entries in order, from a sequence on, and their leaf hashes.
    ///   - accept: called once the root is known to be right; keeps nothing where it throws.
    /// - Throws: `readOnly` on a log that is no copy, `tampered` where the entries do not give the root; `storage` and
    ///   `mustReopen` as `commit`; what `next` and `accept` throw.
    package func appendCopy(
        of checkpoint: Checkpoint, note: [UInt8], _ next: (UInt64) throws -> CommitBuffer, accept: () throws -> Void
    ) throws {
        guard signer == nil, lock != nil else { throw EventLogError.readOnly }
        let (size, before, broken) = state.withLock { ($0.size, $0.tree, $0.mustReopen) }
        if let broken { throw EventLogError.mustReopen(broken) }
        clearDeadReaders()
        var tree = before, head = headHash
        let transaction = try storage { () throws(LMDBError) in try store.environment.write() }
        while tree.size < checkpoint.size {
            let batch = try next(tree.size)
            guard batch.count > 0, UInt64(batch.count) <= checkpoint.size - tree.size else {
                throw EventLogError.outOfRange(sequence: tree.size, size: checkpoint.size)
            }
            let from = tree.size
            try storage { () throws(LMDBError) in try store.append(batch, to: transaction, from: from, &tree) }
            head = batch.leafHash(batch.count - 1)
        }
        let root = tree.root()
        guard root == checkpoint.root else {
            throw EventLogError.tampered(
                sequence: size, what: "root of the entries", expected: checkpoint.root.base64, found: root.base64)
        }
        try accept()
        try storage { () throws(LMDBError) in try store.put(note, at: tree.size, in: transaction) }
        do throws(LMDBError) {
            // On the disk until this returns: the copy as it was; then the longer one. A crash leaves one of the two,
            // and the next round asks for the entries again.
            try transaction.commit()
        } catch {
            throw afterFailedCommit(error, size)
        }
        let (copied, last) = (tree, head)
        state.withLock { $0 = State(size: copied.size, headHash: last, checkpoint: note, tree: copied) }
    }
}
