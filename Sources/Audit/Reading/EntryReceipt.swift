package import EventLog
import JSON
import TransparencyLog

/// A receipt that carries its entry: a C2SP tlog-proof whose `extra` line holds the entry's bytes, so that the file
/// alone, with the log's key, proves what was recorded.
package struct EntryReceipt {
    /// The receipt's text.
    package let text: [UInt8]

    /// The receipt of an entry under the newest checkpoint.
    /// - Parameter isBare: leaves the entry out, as other C2SP tools write receipts.
    /// - Throws: `EventLogError` if there is no such entry or no checkpoint covers it.
    package init(of sequence: UInt64, in log: EventLog, isBare: Bool = false) throws {
        let bare = Array(try log.receipt(sequence).utf8)
        guard !isBare, let entry = try log.entry(sequence) else {
            text = bare
            return
        }
        let proof = try TLogProof(bare)
        text = TLogProof(inclusion: proof.inclusion, checkpoint: proof.checkpoint, extra: entry).text
    }
}

/// The outcome of checking a receipt without a log.
package struct ReceiptCheck {
    /// The reason why a receipt proves nothing, or could not be checked.
    package enum Failure: Error, CustomStringConvertible {
        /// The receipt is bad.
        case bad(String)
        /// Something needed for the check is missing or unreadable.
        case unusable(String)

        package var description: String {
            switch self {
            case .bad(let why), .unusable(let why): why
            }
        }
    }

    package let sequence: UInt64
    package let origin: String
    /// The size of the tree that the checkpoint signs.
    package let treeSize: UInt64
    /// Base64 of the entry's leaf hash.
    package let hash: String
    /// The bytes of the proven entry.
    package let entry: [UInt8]
    /// The entry on one line; in the standard time zone, since no rule set is at hand.
    package let line: String

    /// - Parameters:
    ///   - entry: the entry's bytes, if the receipt does not carry them.
    ///   - key: the log's C2SP verifier key, from a trusted place.
    /// - Throws: `Failure` if the receipt proves nothing or cannot be checked.
    package init(_ receipt: [UInt8], entry given: [UInt8]?, key: String) throws(Failure) {
        let proof: TLogProof
        do throws(ProofError) { proof = try TLogProof(receipt) } catch { throw .bad("\(error)") }
        let verifier: VerifierKey
        do { verifier = try VerifierKey(key) } catch { throw .unusable("`\(key)` is not a verifier key: \(error)") }
        if let given, let extra = proof.extra, given != extra { throw .bad("the receipt carries another entry") }
        guard let entry = given ?? proof.extra else {
            throw .unusable("the receipt does not carry its entry: give it with `--entry`")
        }
        let leaf = leafHash(entry)
        let checkpoint: Checkpoint
        do throws(TLogProof.Failure) { checkpoint = try proof.verify(leaf: leaf, key: verifier) } catch {
            throw .bad("\(error)")
        }
        guard let root = try? Document(adopting: entry).root, root.sequence == proof.inclusion.index else {
            throw .bad("the entry does not say that it is number \(proof.inclusion.index)")
        }
        sequence = proof.inclusion.index
        origin = checkpoint.origin
        treeSize = checkpoint.size
        hash = leaf.base64
        self.entry = entry
        line = EntryFormatter().line(of: root)
    }
}
