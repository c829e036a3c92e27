/// What the text forms of proofs have in common.
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
