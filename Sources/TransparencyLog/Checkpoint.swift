/// A log's commitment to its entries: its name, their number and the root of the tree over them.
///
/// Source of the format: c2sp.org/tlog-checkpoint.
///
/// The module holds the formats and the arithmetic of a transparency log, without storage. Entries are the leaves of
/// a Merkle tree (`Hash256`, RFC 9162), which `TreeAppender` grows and cuts into tiles (`TilePath`, `EntryBundle`). A
/// checkpoint names the tree's size and root and is signed as a note (`SignedNote`, `NoteSigner`, `VerifierKey`);
/// witnesses add a `Cosignature`. An `InclusionProof` leads from an entry to the root of a checkpoint, and with it
/// forms a receipt (`TLogProof`); a `ConsistencyProof` shows that a later checkpoint continues an earlier one.
package struct Checkpoint: Hashable, Sendable {
    /// The log's name.
    package let origin: String
    /// The number of entries.
    package let size: UInt64
    /// The root of the tree over them.
    package let root: Hash256
    /// Further lines; a log of this project has none.
    package let extensions: [String]

    /// A checkpoint with no extension lines.
    package init(origin: String, size: UInt64, root: Hash256) {
        self.origin = origin
        self.size = size
        self.root = root
        extensions = []
    }

    /// Reads a note's text.
    /// - Throws: `malformed` for any other form.
    package init(text: [UInt8]) throws(NoteError) {
        var lines = TextLines(text[...])
        guard let origin = lines.next()?.text, !origin.isEmpty else { throw .malformed("the checkpoint has no origin") }
        guard !text.contains(where: { $0 < 0x20 && $0 != UInt8(ascii: "\n") }) else {
            throw .malformed("the checkpoint holds a control character")
        }
        guard let size = lines.next(), let size = Decimal.parse(size) else {
            throw .malformed("the checkpoint's second line is not a tree size")
        }
        guard let root = lines.next(), let root = Hash256(base64: root) else {
            throw .malformed("the checkpoint's third line is not the base64 of 32 bytes")
        }
        var extensions: [String] = []
        while let line = lines.next() {
            guard !line.isEmpty, let line = line.text else { throw .malformed("the checkpoint has an empty line") }
            extensions.append(line)
        }
        guard lines.remaining.isEmpty else { throw .malformed("the checkpoint does not end in a line feed") }
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// The note's text.
    package var text: [UInt8] {
        Array("\(origin)\n\(size)\n\(root.base64)\n".utf8) + extensions.flatMap { Array("\($0)\n".utf8) }
    }

    /// Reads a log's signed checkpoint and checks it: strict form, no extension lines, the log's signature, its origin.
    ///
    /// `key` must be a log's key; its name is the expected origin unless `origin` says otherwise.
    /// - Throws: `malformed` or `limit` for another form, `otherOrigin` for another log's checkpoint, otherwise as
    ///   `SignedNote.verify`.
    package static func open(
        _ note: [UInt8], key: VerifierKey, origin: String? = nil
    ) throws(NoteError) -> Checkpoint {
        let note = try SignedNote(note)
        let checkpoint = try Checkpoint(text: note.text)
        let expected = origin ?? key.name
        guard checkpoint.origin.hasSameBytes(as: expected) else {
            throw .otherOrigin(expected: expected, found: checkpoint.origin)
        }
        guard checkpoint.extensions.isEmpty else { throw .malformed("the checkpoint has an extension line") }
        guard key.kind == .ed25519 else { throw .noTrustedSignature }
        _ = try note.verify([key])
        return checkpoint
    }
}
