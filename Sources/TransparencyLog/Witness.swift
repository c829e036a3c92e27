/// A witness's decisions (c2sp.org/tlog-witness): given a request and the checkpoint that it cosigned last, an answer.
///
/// It performs nothing: whoever holds it reads the last checkpoint, stores the new one and only then gives out the
/// cosignature, one request of a log after the other.
package struct Witness: Sendable {
    /// A refusal, with its HTTP status and a line for people.
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        /// The request is not in the form of the protocol, or its old size is above the checkpoint's.
        case malformed(String)
        /// No key is known for the checkpoint's origin.
        case unknownLog(String)
        /// No signature is by a key of the log, or one that is does not verify.
        case forbidden(NoteError)
        /// The old size, or the root of the same size, is not that of the checkpoint cosigned last, which has so many
        /// entries.
        case conflict(size: UInt64, isOtherRoot: Bool)
        /// The consistency proof does not lead from the last checkpoint to the new one.
        case inconsistent(ProofError)

        /// The HTTP status.
        package var status: Int {
            switch self {
            case .malformed: 400
            case .forbidden: 403
            case .unknownLog: 404
            case .conflict: 409
            case .inconsistent: 422
            }
        }

        /// The message, on one line.
        package var description: String {
            switch self {
            case .malformed(let what): what
            case .unknownLog(let origin): "unknown log `\(origin)`"
            case .forbidden(.noTrustedSignature): "invalid signature: none is by a key of the log"
            case .forbidden(let error): "\(error)"
            case .conflict(let size, false): "the checkpoint cosigned last has \(size) entries"
            case .conflict(let size, true): "another checkpoint of \(size) entries was cosigned before"
            case .inconsistent(let error): "consistency proof: \(error)"
            }
        }
    }

    /// A request that is in form and signed by a known log.
    package struct Candidate: Sendable {
        /// The checkpoint to be cosigned.
        package let checkpoint: Checkpoint
        /// The signed text.
        let text: [UInt8]
        /// The lines of the log's own keys; those of others are not kept.
        let signatures: [SignedNote.Signature]
        let oldSize: UInt64
        let proof: ConsistencyProof

        /// The signed note with the log's own lines alone.
        package var note: [UInt8] { text + [UInt8(ascii: "\n")] + signatures.flatMap(\.line) }
    }

    /// Bytes of a cosignature's line beside its name.
    private static let lineBytesMax = 128

    private let signer: NoteSigner
    private let logs: [VerifierKey]

    /// A witness of the logs that have these keys; several keys may have one origin.
    /// - Throws: `malformed` if the signer is not a witness's, or may not witness one of the logs.
    package init(signer: NoteSigner, logs: [VerifierKey]) throws(NoteError) {
        for log in logs {
            guard log.kind == .ed25519 else { throw .malformed("`\(log.name)`: it is a witness's key, not a log's") }
            if let why = signer.verifierKey.mayWitness(log) {
                throw .malformed("`\(signer.verifierKey.name)` cannot witness `\(log.name)`: \(why)")
            }
        }
        self.signer = signer
        self.logs = logs
    }

    /// The witness's key.
    package var verifierKey: VerifierKey { signer.verifierKey }

    /// Reads a request and checks the log's signature.
    package func open(_ request: [UInt8]) throws(Refusal) -> Candidate {
        let read: ConsistencyRequest
        do throws(ProofError) { read = try ConsistencyRequest(request) } catch {
            throw .malformed("invalid input: \(error)")
        }
        let note: SignedNote
        let checkpoint: Checkpoint
        do throws(NoteError) { note = try SignedNote(read.checkpoint) } catch {
            throw .malformed("invalid input: \(error)")
        }
        do throws(NoteError) { checkpoint = try Checkpoint(text: note.text) } catch {
            throw .malformed("invalid checkpoint: \(error)")
        }
        let keys = logs.filter { $0.name.hasSameBytes(as: checkpoint.origin) }
        guard !keys.isEmpty else { throw .unknownLog(checkpoint.origin) }
        do throws(NoteError) { _ = try note.verify(keys) } catch { throw .forbidden(error) }
        guard read.oldSize <= checkpoint.size else {
            throw .malformed("the old size \(read.oldSize) is above the checkpoint's, \(checkpoint.size)")
        }
        // Each key's line once: who repeats one must not make a note that is too long to be read again.
        let lines = keys.compactMap { key in note.signatures.first { key.isSigner($0.name, $0.keyID) } }
        let candidate = Candidate(
            checkpoint: checkpoint, text: note.text, signatures: lines, oldSize: read.oldSize, proof: read.proof)
        guard candidate.note.count + signer.verifierKey.name.utf8.count + Self.lineBytesMax <= SignedNote.bytesMax
        else { throw .malformed("the checkpoint is too long to be cosigned") }
        return candidate
    }

    /// Checks that a checkpoint continues the one cosigned last.
    /// - Parameter last: nil if none of that origin was cosigned.
    package func check(_ candidate: Candidate, after last: Checkpoint?) throws(Refusal) {
        let (size, root) = (last?.size ?? 0, last?.root ?? emptyTreeHash)
        guard candidate.oldSize == size else { throw .conflict(size: size, isOtherRoot: false) }
        let new = candidate.checkpoint
        if size == new.size {
            let found = candidate.proof.hashes.count
            guard found == 0 else { throw .inconsistent(.length(expected: 0, found: found)) }
            guard root == new.root else { throw .conflict(size: size, isOtherRoot: true) }
            return
        }
        do throws(ProofError) { try candidate.proof.verify(from: size, root, to: new.size, new.root) } catch {
            throw .inconsistent(error)
        }
    }

    /// The cosignature line of a checkpoint that was checked, and the note with it; `time` in seconds since 1970.
    package func cosign(_ candidate: Candidate, time: UInt64) -> (line: [UInt8], note: [UInt8]) {
        let line = signer.cosign(candidate.text, time: time)
        return (line, candidate.note + line)
    }
}
