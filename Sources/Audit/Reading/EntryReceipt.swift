package import EventLog
import JSON
package import TransparencyLog

/// A receipt that carries its entry: a C2SP tlog-proof whose `extra` line holds the entry's bytes, so that the file
/// alone, with the log's key, proves what was recorded.
package struct EntryReceipt {
    /// The receipt's text.
    package let text: [UInt8]

    /// The receipt of an entry under the newest checkpoint.
    /// - Parameters:
    ///   - isBare: leaves the entry out, as other C2SP tools write receipts.
    ///   - cosignatures: those of witnesses that are appended to the checkpoint.
    /// - Throws: `EventLogError` if there is no such entry or no checkpoint covers it.
    package init(
        of sequence: UInt64, in log: EventLog, isBare: Bool = false, cosignatures: CosignatureStore? = nil
    ) throws {
        let own = try log.receipt(sequence)
        let bare = Array((cosignatures?.appended(toReceipt: own) ?? own).utf8)
        guard !isBare, let entry = try log.entry(sequence) else {
            text = bare
            return
        }
        let proof = try TLogProof(bare)
        text = TLogProof(inclusion: proof.inclusion, checkpoint: proof.checkpoint, extra: entry).text
    }

    /// The receipt of an entry under the newest checkpoint that witnesses cosigned.
    /// - Throws: `ReadingError` if none covers it, `EventLogError` if the log does not bear that checkpoint out.
    package init(
        of sequence: UInt64, in log: EventLog, isBare: Bool = false, witnessed cosignatures: CosignatureStore
    ) throws {
        guard let (checkpoint, note) = cosignatures.cosigned, sequence < checkpoint.size,
            let entry = try log.entry(sequence)
        else {
            throw ReadingError("no cosigned checkpoint covers entry \(sequence): ask with `docket checkpoint --policy`")
        }
        let proofs = try log.proofs(of: [sequence], size: checkpoint.size).proofs
        try proofs[0].verify(leaf: leafHash(entry), size: checkpoint.size, root: checkpoint.root)
        text = TLogProof(inclusion: proofs[0], checkpoint: note, extra: isBare ? nil : entry).text
    }

    /// The same as a COSE receipt (RFC 9942), which is signed anew: one signature is over a note, the other over a root.
    /// - Parameter signer: the log's key.
    /// - Throws: `EventLogError` if there is no such entry or no checkpoint covers it.
    package static func cose(
        of sequence: UInt64, in log: EventLog, isBare: Bool, signer: NoteSigner
    ) throws -> [UInt8] {
        let proof = try TLogProof(Array(try log.receipt(sequence).utf8))
        let checkpoint = try Checkpoint.open(proof.checkpoint, key: signer.verifierKey)
        return COSEReceipt(
            inclusion: proof.inclusion, treeSize: checkpoint.size, root: checkpoint.root,
            entry: isBare ? nil : try log.entry(sequence), signer: signer
        ).encoded
    }

    /// A COSE receipt as text, for JSON.
    package static func base64(_ receipt: [UInt8]) -> String { Base64.encode(receipt) }
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
    /// The names of the witnesses who cosigned the checkpoint; nil if none were asked for.
    package let witnesses: [String]?
    /// The bytes of the proven entry.
    package let entry: [UInt8]
    /// The entry on one line; in the standard time zone, since no rule set is at hand.
    package let line: String

    /// A receipt in either form, read and checked.
    private struct Proven {
        let index: UInt64
        let origin: String
        let treeSize: UInt64
    }

    /// - Parameters:
    ///   - receipt: a C2SP tlog-proof or a COSE receipt.
    ///   - entry: the entry's bytes, if the receipt does not carry them.
    ///   - key: the log's C2SP verifier key, from a trusted place.
    ///   - demand: the witnesses who must have cosigned its checkpoint.
    /// - Throws: `Failure` if the receipt proves nothing or cannot be checked.
    package init(
        _ receipt: [UInt8], entry given: [UInt8]?, key: String, demand: WitnessDemand? = nil
    ) throws(Failure) {
        let verifier: VerifierKey
        do { verifier = try VerifierKey(key) } catch { throw .unusable("`\(key)` is not a verifier key: \(error)") }
        let (entry, proven) =
            COSEReceipt.begins(receipt)
            ? try Self.check(cose: receipt, given, verifier) : try Self.check(text: receipt, given, verifier)
        guard let root = try? Document(adopting: entry).root, root.sequence == proven.index else {
            throw .bad("the entry does not say that it is number \(proven.index)")
        }
        witnesses = try demand.map { demand throws(Failure) in
            guard !COSEReceipt.begins(receipt) else { throw .bad("a COSE receipt carries no cosignatures") }
            return try demand.cosigners(ofReceipt: receipt)
        }
        sequence = proven.index
        origin = proven.origin
        treeSize = proven.treeSize
        hash = leafHash(entry).base64
        self.entry = entry
        line = EntryFormatter().line(of: root)
    }

    private static func check(
        text: [UInt8], _ given: [UInt8]?, _ key: VerifierKey
    ) throws(Failure) -> ([UInt8], Proven) {
        let proof: TLogProof
        do throws(ProofError) { proof = try TLogProof(text) } catch { throw .bad("\(error)") }
        let entry = try entry(given, carried: proof.extra)
        do throws(TLogProof.Failure) {
            let checkpoint = try proof.verify(leaf: leafHash(entry), key: key)
            return (
                entry, Proven(index: proof.inclusion.index, origin: checkpoint.origin, treeSize: checkpoint.size)
            )
        } catch {
            throw .bad("\(error)")
        }
    }

    private static func check(
        cose: [UInt8], _ given: [UInt8]?, _ key: VerifierKey
    ) throws(Failure) -> ([UInt8], Proven) {
        let receipt: COSEReceipt
        do throws(ProofError) { receipt = try COSEReceipt(cose) } catch { throw .bad("\(error)") }
        let entry = try entry(given, carried: receipt.entry)
        do throws(TLogProof.Failure) { try receipt.verify(leaf: leafHash(entry), key: key) } catch {
            throw .bad("\(error)")
        }
        return (entry, Proven(index: receipt.inclusion.index, origin: receipt.origin, treeSize: receipt.treeSize))
    }

    private static func entry(_ given: [UInt8]?, carried: [UInt8]?) throws(Failure) -> [UInt8] {
        if let given, let carried, given != carried { throw .bad("the receipt carries another entry") }
        guard let entry = given ?? carried else {
            throw .unusable("the receipt does not carry its entry: give it with `--entry`")
        }
        return entry
    }
}
