/// A consistency proof with the checkpoint it leads to, in the form a witness is asked in (c2sp.org/tlog-witness).
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
