/// A receipt: one entry's inclusion proof with the signed checkpoint it leads to (c2sp.org/tlog-proof@v1).
package struct TLogProof: Hashable, Sendable {
    /// What else the receipt carries; a log of this project writes nothing here.
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
