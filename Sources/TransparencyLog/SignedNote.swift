/// A text with signature lines (c2sp.org/signed-note), read strictly.
package struct SignedNote: Hashable, Sendable {
    /// One signature line.
    package struct Signature: Hashable, Sendable {
        /// The signer's name.
        package let name: String
        /// The signer's key id.
        package let keyID: UInt32
        /// What follows the key id.
        package let bytes: [UInt8]
    }

    /// The longest note that is read, in bytes.
    package static let bytesMax = 1_000_000
    /// The most signature lines that are read.
    package static let signaturesMax = 100

    /// What is signed, with its last line feed.
    package let text: [UInt8]
    /// The signature lines in order.
    package let signatures: [Signature]

    /// Reads a note: text, an empty line, signature lines.
    package init(_ note: [UInt8]) throws(NoteError) {
        guard note.count <= Self.bytesMax else { throw .limit("the note is longer than \(Self.bytesMax) bytes") }
        guard !note.contains(where: { $0 < 0x20 && $0 != UInt8(ascii: "\n") }) else {
            throw .malformed("the note holds a control character")
        }
        guard String(validating: note, as: UTF8.self) != nil else { throw .malformed("the note is not UTF-8") }
        guard let split = Self.lastBlankLine(note) else {
            throw .malformed("the note has no empty line before its signatures")
        }
        text = Array(note[...split])
        var lines = TextLines(note[(split + 2)...])
        var signatures: [Signature] = []
        while let line = lines.next() {
            guard signatures.count < Self.signaturesMax else {
                throw .limit("the note has more than \(Self.signaturesMax) signatures")
            }
            signatures.append(try Self.signature(line))
        }
        guard lines.remaining.isEmpty else { throw .malformed("the note does not end in a line feed") }
        guard !signatures.isEmpty else { throw .malformed("the note has no signature") }
        self.signatures = signatures
    }

    /// The index of the first line feed of the last two in a row.
    private static func lastBlankLine(_ note: [UInt8]) -> Int? {
        var i = note.count - 1
        while i > 0 {
            if note[i] == UInt8(ascii: "\n"), note[i - 1] == UInt8(ascii: "\n") { return i - 1 }
            i -= 1
        }
        return nil
    }

    private static func signature(_ line: ArraySlice<UInt8>) throws(NoteError) -> Signature {
        guard let rest = line.after("— ") else { throw .malformed("a signature line starts with `— `") }
        let parts = rest.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, let name = parts[0].text, VerifierKey.isName(name) else {
            throw .malformed("a signature line has the form `— name base64`")
        }
        guard let bytes = Base64.decodeStrict(parts[1]) else { throw .malformed("a signature is not strict base64") }
        guard bytes.count >= 5 else { throw .malformed("a signature has a key id and at least one byte") }
        let keyID = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return Signature(name: name, keyID: keyID, bytes: Array(bytes.dropFirst(4)))
    }
}
