import TransparencyLog

/// A checkpoint that somebody outside holds, alone or in a receipt: the log must continue it.
struct VerifyPin: Sendable {
    /// Words for findings: the checkpoint's name.
    let what: String
    let checkpoint: Checkpoint
    let note: [UInt8]
    /// The receipt's proof; nil for a checkpoint alone.
    var proof: InclusionProof?
    /// The leaf hash of the entry that the receipt carries; nil if it carries none.
    var carried: Hash256?

    /// Reads a signed checkpoint, or a receipt with one.
    /// - Throws: the reason why it is refused, as a finding about it.
    init(_ text: [UInt8], key: VerifierKey, isReceipt: Bool) throws(VerifyRefusal) {
        guard isReceipt || Self.isReceipt(text) else {
            what = "checkpoint seen before"
            note = text
            checkpoint = try Self.open(text, what, key)
            return
        }
        let receipt: TLogProof
        do throws(ProofError) { receipt = try TLogProof(text) } catch {
            let reason: VerifyResult.Reason = if case .limit = error { .limit } else { .malformed }
            throw VerifyRefusal(VerifyFinding(nil, reason, "receipt", "a receipt in strict form", "\(error)"))
        }
        what = "receipt's checkpoint"
        note = receipt.checkpoint
        checkpoint = try Self.open(receipt.checkpoint, what, key)
        proof = receipt.inclusion
        carried = receipt.extra.map { leafHash($0) }
    }

    private static func isReceipt(_ text: [UInt8]) -> Bool { text.starts(with: "c2sp.org/tlog-proof@".utf8) }

    private static func open(
        _ note: [UInt8], _ what: String, _ key: VerifierKey
    ) throws(VerifyRefusal) -> Checkpoint {
        do throws(NoteError) { return try Checkpoint.open(note, key: key) } catch {
            throw VerifyRefusal(VerifyFinding(error, what: what, key: key), because: error)
        }
    }

    /// The subtrees of the entries whose hashes the receipt's proof states or, once the entry itself is known, proves.
    ///
    /// Only complete subtrees: those at the right border of the receipt's tree change as the log grows.
    var nodes: [(node: VerifyNode, hash: Hash256)] {
        guard let proof, proof.index < checkpoint.size else { return [] }
        var nodes: [(VerifyNode, Hash256)] = []
        if let carried { nodes.append((VerifyNode(level: 0, index: proof.index), carried)) }
        for (level, hash) in zip(proof.levels(size: checkpoint.size), proof.hashes) {
            let node = VerifyNode(level: level, index: (proof.index >> UInt64(level)) ^ 1)
            if let end = node.end, end <= checkpoint.size { nodes.append((node, hash)) }
        }
        return nodes
    }

    /// Returns true if the receipt's proof leads from a leaf hash to its signed root.
    func proves(_ leaf: Hash256) -> Bool {
        guard let proof else { return false }
        return (try? proof.root(leaf: leaf, size: checkpoint.size)) == checkpoint.root
    }
}

/// The finding about a checkpoint or receipt that is refused on its own.
struct VerifyRefusal: Error {
    let finding: VerifyFinding
    let text: String

    init(_ finding: VerifyFinding, because error: NoteError? = nil) {
        self.finding = finding
        text = error.map { "\($0)" } ?? finding.found
    }
}

/// A complete subtree: the entries from `index` × 2^`level` on, 2^`level` of them.
struct VerifyNode: Hashable, Sendable {
    let level: Int
    let index: UInt64

    /// The position after its last entry; nil beyond all positions.
    var end: UInt64? {
        guard level < 64, index < .max else { return nil }
        let (end, isOver) = (index + 1).multipliedReportingOverflow(by: 1 << UInt64(level))
        return isOver ? nil : end
    }
}

extension InclusionProof {
    /// The level of each hash's subtree in the proof of a tree of `size` leaves (RFC 9162 section 2.1.3).
    ///
    /// Up to where the paths of this leaf and the last one meet there is a hash at each level; above, one wherever the
    /// path comes from the right.
    func levels(size: UInt64) -> [Int] {
        let inner = 64 - (index ^ (size - 1)).leadingZeroBitCount
        return Array(0..<inner) + (inner..<64).filter { index >> UInt64($0) & 1 == 1 }
    }
}
