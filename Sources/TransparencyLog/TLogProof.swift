/// A receipt: one entry's inclusion proof with the signed checkpoint it leads to (c2sp.org/tlog-proof@v1).
package struct TLogProof: Hashable, Sendable {
    /// Extra data of the receipt; a log of this project writes none.
    package let extra: [UInt8]?
    /// The entry's index and the hashes.
    package let inclusion: InclusionProof
    /// The signed checkpoint.
    package let checkpoint: [UInt8]

    private static let header = "c2sp.org/tlog-proof@v1"

    /// A receipt of its parts.
    package init(inclusion: InclusionProof, checkpoint: [UInt8], extra: [UInt8]? = nil) {
        self.inclusion = inclusion
        self.checkpoint = checkpoint
        self.extra = extra
    }

    /// Reads a receipt's text. The checkpoint is not read yet.
    /// - Throws: `malformed` for any other form, `limit` for more bytes or hashes than are read.
    package init(_ text: [UInt8]) throws(ProofError) {
        guard text.count <= ProofText.bytesMax else {
            throw .limit("the receipt is longer than \(ProofText.bytesMax) bytes")
        }
        var lines = TextLines(text[...])
        guard let header = lines.next(), header.elementsEqual(Self.header.utf8) else {
            throw .malformed("a receipt starts with `\(Self.header)`")
        }
        var line = lines.next()
        var extra: [UInt8]?
        if let encoded = line?.after("extra ") {
            extra = Base64.decodeStrict(encoded)
            guard extra != nil else { throw .malformed("the receipt's extra line is not strict base64") }
            line = lines.next()
        }
        guard let number = line?.after("index "), let index = Decimal.parse(number) else {
            throw .malformed("the receipt has no line `index N`")
        }
        inclusion = InclusionProof(index: index, hashes: try ProofText.hashes(&lines))
        checkpoint = Array(lines.remaining)
        self.extra = extra
        guard !checkpoint.isEmpty else { throw .malformed("the receipt has no checkpoint") }
    }

    /// The receipt's text.
    package var text: [UInt8] {
        var lines = "\(Self.header)\n"
        if let extra { lines += "extra \(Base64.encode(extra))\n" }
        lines += "index \(inclusion.index)\n"
        return Array(lines.utf8) + ProofText.write(inclusion.hashes, before: checkpoint)
    }
}

extension TLogProof {
    /// The reason a receipt does not prove its entry.
    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The checkpoint is refused.
        case checkpoint(NoteError)
        /// The hashes do not lead from the entry to the checkpoint's root.
        case inclusion(ProofError)

        /// The message, on one line.
        package var description: String {
            switch self {
            case .checkpoint(let error): "checkpoint: \(error)"
            case .inclusion(let error): "inclusion: \(error)"
            }
        }
    }

    /// Checks the checkpoint by the log's key, then that the entry with this leaf hash is under its root.
    ///
    /// `origin` is needed only for a log whose key has another name.
    /// - Throws: the `Failure` of what does not hold.
    @discardableResult
    package func verify(
        leaf: Hash256, key: VerifierKey, origin: String? = nil
    ) throws(Failure) -> Checkpoint {
        let opened: Checkpoint
        do throws(NoteError) { opened = try Checkpoint.open(checkpoint, key: key, origin: origin) } catch {
            throw .checkpoint(error)
        }
        do throws(ProofError) { try inclusion.verify(leaf: leaf, size: opened.size, root: opened.root) } catch {
            throw .inclusion(error)
        }
        return opened
    }
}

/// A consistency proof with the checkpoint it leads to, in the form of a request to a witness (c2sp.org/tlog-witness).
package struct ConsistencyRequest: Hashable, Sendable {
    /// The size the proof starts from.
    package let oldSize: UInt64
    /// The proof.
    package let proof: ConsistencyProof
    /// The signed checkpoint it leads to.
    package let checkpoint: [UInt8]

    /// A request of its parts.
    package init(oldSize: UInt64, proof: ConsistencyProof, checkpoint: [UInt8]) {
        self.oldSize = oldSize
        self.proof = proof
        self.checkpoint = checkpoint
    }

    /// Reads a request's text. The checkpoint is not read yet.
    /// - Throws: `malformed` for any other form, `limit` for more bytes or hashes than are read.
    package init(_ text: [UInt8]) throws(ProofError) {
        guard text.count <= ProofText.bytesMax else {
            throw .limit("the request is longer than \(ProofText.bytesMax) bytes")
        }
        var lines = TextLines(text[...])
        guard let number = lines.next()?.after("old "), let oldSize = Decimal.parse(number) else {
            throw .malformed("a request starts with a line `old N`")
        }
        self.oldSize = oldSize
        proof = ConsistencyProof(try ProofText.hashes(&lines))
        checkpoint = Array(lines.remaining)
        guard !checkpoint.isEmpty else { throw .malformed("the request has no checkpoint") }
    }

    /// The request's text.
    package var text: [UInt8] {
        Array("old \(oldSize)\n".utf8) + ProofText.write(proof.hashes, before: checkpoint)
    }
}

/// The common parts of the text forms of proofs.
enum ProofText {
    /// The most hashes in a proof (c2sp.org/tlog-witness).
    static let hashesMax = 63
    /// The longest proof text in bytes: hashes, a little, and the largest note.
    static let bytesMax = SignedNote.bytesMax + 100_000

    /// Reads hash lines up to the empty line that ends them.
    static func hashes(_ lines: inout TextLines) throws(ProofError) -> [Hash256] {
        var hashes: [Hash256] = []
        while let line = lines.next() {
            if line.isEmpty { return hashes }
            guard hashes.count < hashesMax else { throw .limit("the proof has more than \(hashesMax) hashes") }
            guard let hash = Hash256(base64: line) else {
                throw .malformed("a proof line is not the base64 of 32 bytes")
            }
            hashes.append(hash)
        }
        throw .malformed("the proof has no empty line before its checkpoint")
    }

    static func write(_ hashes: [Hash256], before note: [UInt8]) -> [UInt8] {
        hashes.flatMap { Array("\($0.base64)\n".utf8) } + [UInt8(ascii: "\n")] + note
    }
}
