/// A text with signature lines (c2sp.org/signed-note), read strictly.
package struct SignedNote: Hashable, Sendable {
    /// One signature line.
    package struct Signature: Hashable, Sendable {
        /// The signer's name.
        package let name: String
        /// The signer's key id.
        package let keyID: UInt32
        /// The bytes after the key id.
        package let bytes: [UInt8]
    }

    /// The longest note that is read, in bytes.
    package static let bytesMax = 1_000_000
    /// The most signature lines that are read.
    package static let signaturesMax = 100

    /// The signed text, with its last line feed.
    package let text: [UInt8]
    /// The signature lines in order.
    package let signatures: [Signature]

    /// Reads a note: text, an empty line, signature lines.
    /// - Throws: `malformed` for any other form, `limit` for more bytes or signatures than are read.
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

    /// The index of the first of the last two consecutive line feeds.
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

extension SignedNote {
    /// The outcome of verifying a note with trusted keys.
    package struct Verified: Hashable, Sendable {
        /// The keys that signed it, each once, in the order of their lines.
        package let keys: [VerifierKey]
        /// The lines by keys that are not trusted.
        package let unknown: [Signature]
        /// The times at which the cosigners among `keys` signed, in seconds since 1970.
        package let times: [VerifierKey: UInt64]
    }

    /// Checks the lines of trusted keys: each must be valid, and there must be at least one; other lines are ignored.
    /// - Throws: `invalidSignature` for one that is not valid, `ambiguousKey` where two keys fit a line,
    ///   `noTrustedSignature` where there is none.
    package func verify(_ trusted: [VerifierKey]) throws(NoteError) -> Verified {
        var keys: [VerifierKey] = []
        var unknown: [Signature] = []
        var times: [VerifierKey: UInt64] = [:]
        for signature in signatures {
            let signers = trusted.filter { $0.isSigner(signature.name, signature.keyID) }
            guard let key = signers.first else {
                if !unknown.contains(signature) { unknown.append(signature) }
                continue
            }
            guard signers.count == 1 else { throw .ambiguousKey(name: key.name) }
            guard key.verifies(signature.bytes, of: text) else { throw .invalidSignature(name: key.name) }
            guard !keys.contains(key) else { continue }
            keys.append(key)
            if key.kind == .cosignature { times[key] = Cosignature(signature.bytes)?.time }
        }
        guard !keys.isEmpty else { throw .noTrustedSignature }
        return Verified(keys: keys, unknown: unknown, times: times)
    }
}

/// The reason a signed note, a checkpoint or a verifier key is refused.
package enum NoteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are not in the form of the format; says what is wrong.
    case malformed(String)
    /// The note is longer than a limit; says which.
    case limit(String)
    /// A trusted key's signature does not verify.
    case invalidSignature(name: String)
    /// Two trusted keys have the same name and key id.
    case ambiguousKey(name: String)
    /// No line of the note is by a trusted key.
    case noTrustedSignature
    /// The checkpoint is another log's.
    case otherOrigin(expected: String, found: String)

    /// The message, on one line.
    package var description: String {
        switch self {
        case .malformed(let what): what
        case .limit(let what): what
        case .invalidSignature(let name): "invalid signature by `\(name)`"
        case .ambiguousKey(let name): "two trusted keys of `\(name)` have the same key id"
        case .noTrustedSignature: "no trusted signature"
        case .otherOrigin(let expected, let found): "the checkpoint is of `\(found)`, not of `\(expected)`"
        }
    }
}
