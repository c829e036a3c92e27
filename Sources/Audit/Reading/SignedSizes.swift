package import EventLog
import TransparencyLog

/// A signed checkpoint as text and in its parts; the signature is not checked.
package struct CheckpointReading {
    /// The signed note.
    package let note: [UInt8]
    package let origin: String
    /// The number of entries.
    package let size: UInt64
    /// Base64 of the root.
    package let root: String

    let checkpoint: Checkpoint

    /// Reads a signed note.
    /// - Throws: `ReadingError` if it is not a checkpoint in strict form.
    package init(_ note: [UInt8]) throws(ReadingError) {
        do throws(NoteError) { checkpoint = try Checkpoint(text: SignedNote(note).text) } catch {
            throw ReadingError("not a signed checkpoint: \(error)")
        }
        self.note = note
        origin = checkpoint.origin
        size = checkpoint.size
        root = checkpoint.root.base64
    }
}

/// A size of the log, named as a number or by the signed checkpoint of that size.
package struct SignedSize {
    package let size: UInt64
    let checkpoint: CheckpointReading?

    /// Reads a number of entries; nil for any other text.
    package init?(_ text: String) {
        guard let size = Decimal.parse(text.utf8) else { return nil }
        self.size = size
        checkpoint = nil
    }

    /// A size by its checkpoint.
    package init(_ checkpoint: CheckpointReading) {
        size = checkpoint.size
        self.checkpoint = checkpoint
    }
}

/// A proof that one checkpoint continues another, checked against the checkpoints that were given.
package struct ConsistencyReading {
    /// The request to a witness (c2sp.org/tlog-witness): `old N`, the hashes, an empty line, the newer checkpoint.
    package let text: [UInt8]
    /// Base64 of each hash.
    package let hashes: [String]
    /// The newer checkpoint's note.
    package let checkpoint: [UInt8]

    /// The proof from a log.
    /// - Throws: `EventLogError` if the log cannot make it, `ReadingError` if it does not continue a given checkpoint.
    package init(from old: SignedSize, to new: SignedSize, in log: EventLog) throws {
        let request: ConsistencyRequest
        do throws(EventLogError) { request = try log.consistencyRequest(from: old.size, to: new.size) } catch {
            guard case .noCommit(let size) = error,
                let given = [old, new].first(where: { $0.size == size })?.checkpoint, size <= log.size
            else { throw error }
            // The entries alone say whether the log is the one that was signed.
            let root = try log.rootText(size: size)
            guard root == given.root, given.origin == log.origin else {
                throw ReadingError(
                    "the log does not continue the checkpoint of \(size) entries, whose root is \(given.root): "
                        + "the log's own first \(size) have \(root)")
            }
            throw error
        }
        try self.init(from: old, to: new, request)
    }

    /// The proof as a service answered it.
    /// - Throws: `ReadingError` if it is none, or does not continue a given checkpoint.
    package init(from old: SignedSize, to new: SignedSize, answer: [UInt8]) throws(ReadingError) {
        let request: ConsistencyRequest
        do throws(ProofError) { request = try ConsistencyRequest(answer) } catch {
            throw ReadingError("the service answered no consistency proof: \(error)")
        }
        try self.init(from: old, to: new, request)
    }

    private init(from old: SignedSize, to new: SignedSize, _ request: ConsistencyRequest) throws(ReadingError) {
        let newer = try CheckpointReading(request.checkpoint)
        guard request.oldSize == old.size, newer.size == new.size else {
            throw ReadingError("the proof is from \(request.oldSize) to \(newer.size) entries, which was not asked for")
        }
        if let given = new.checkpoint, given.checkpoint != newer.checkpoint {
            throw ReadingError("the log has another checkpoint of \(new.size) entries: its root is \(newer.root)")
        }
        if let given = old.checkpoint {
            do throws(ProofError) {
                guard given.origin == newer.origin else { throw .malformed("it is of `\(given.origin)`") }
                try request.proof.verify(
                    from: old.size, given.checkpoint.root, to: newer.size, newer.checkpoint.root)
            } catch {
                throw ReadingError("the log does not continue the checkpoint of \(old.size) entries: \(error)")
            }
        }
        checkpoint = new.checkpoint?.note ?? request.checkpoint
        text = ConsistencyRequest(oldSize: old.size, proof: request.proof, checkpoint: checkpoint).text
        hashes = request.proof.hashes.map(\.base64)
    }
}
