package import TransparencyLog

/// A log's cosigned checkpoint beside it: `state/cosigned` in the data directory, the newest checkpoint for which
/// witnesses have given cosignatures, with them.
///
/// It can be lost: the witnesses are asked again for the next checkpoint.
package struct CosignatureStore: Sendable {
    private let folder: String
    private let key: VerifierKey

    private var file: String { folder + "/cosigned" }

    /// The store in a data directory's `state`, of the log with a key.
    package init(folder: String, log: EventLog) {
        self.folder = folder
        key = log.verifierKey
    }

    /// The newest cosigned checkpoint; nil if there is none, or the file is not one that the log's key signed.
    package var cosigned: (checkpoint: Checkpoint, note: [UInt8])? {
        guard let bytes = try? SmallFile.read(file), let checkpoint = try? Checkpoint.open(bytes, key: key) else {
            return nil
        }
        return (checkpoint, bytes)
    }

    /// A checkpoint of the log with the cosignatures that are kept for it behind its own line.
    package func appended(to note: String) -> String {
        guard let (_, kept) = cosigned, let own = try? SignedNote(Array(note.utf8)), let more = try? SignedNote(kept),
            own.text == more.text, let all = own.adding(more.signatures)
        else { return note }
        return String(decoding: all, as: UTF8.self)
    }

    /// A receipt with the cosignatures that are kept for its checkpoint.
    package func appended(toReceipt text: String) -> String {
        guard let receipt = try? TLogProof(Array(text.utf8)) else { return text }
        let note = appended(to: String(decoding: receipt.checkpoint, as: UTF8.self))
        let whole = TLogProof(inclusion: receipt.inclusion, checkpoint: Array(note.utf8), extra: receipt.extra)
        return String(decoding: whole.text, as: UTF8.self)
    }

    /// Keeps the valid cosignatures on a checkpoint by witnesses that may be counted; those kept for the same one stay.
    /// - Returns: the note with all of them.
    /// - Throws: `file` where they cannot be kept.
    @discardableResult
    package func keep(
        _ lines: [SignedNote.Signature], on note: String, by witnesses: [VerifierKey]
    ) throws(EventLogError) -> String {
        let allowed = witnesses.filter { $0.mayWitness(key) == nil }
        let own = Array(note.utf8)
        guard let checkpoint = try? Checkpoint.open(own, key: key), let signed = try? SignedNote(own) else {
            return note
        }
        let before = appended(to: note)
        guard let kept = try? SignedNote(Array(before.utf8)) else { return note }
        let valid = allowed.compactMap { key -> SignedNote.Signature? in
            guard !kept.signatures.contains(where: { key.isSigner($0.name, $0.keyID) }) else { return nil }
            return lines.first { key.isSigner($0.name, $0.keyID) && key.verifies($0.bytes, of: signed.text) }
        }
        guard !valid.isEmpty, let all = kept.adding(valid) else { return before }
        // An answer that comes late does not take the place of a newer checkpoint's.
        if checkpoint.size >= cosigned?.checkpoint.size ?? 0 {
            try WitnessDirectory.makeDirectory(folder)
            try SmallFile.write(all, to: file)
        }
        return String(decoding: all, as: UTF8.self)
    }
}
