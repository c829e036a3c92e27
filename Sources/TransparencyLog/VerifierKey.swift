package import Sodium

/// A C2SP verifier key: `name+hash+base64`, with the kind of its signatures.
///
/// Source of the format: c2sp.org/signed-note and c2sp.org/tlog-cosignature.
package struct VerifierKey: Hashable, Sendable {
    /// The kind of message that a key signs; the raw value is the type byte.
    package enum Kind: UInt8, Sendable {
        /// The note's text itself: a log's key.
        case ed25519 = 0x01
        /// The text with a time in front (cosignature/v1): a witness's key.
        case cosignature = 0x04
    }

    /// The key's name, in a log its origin.
    package let name: String
    /// The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key), big-endian.
    package let keyID: UInt32
    /// The kind of message that it signs.
    package let kind: Kind
    /// The Ed25519 key.
    package let publicKey: PublicKey

    /// A key of its parts.
    /// - Throws: `malformed` for a name that is empty or holds a space, `+` or a control character.
    package init(name: String, kind: Kind, publicKey: PublicKey) throws(NoteError) {
        guard Self.isName(name) else {
            throw .malformed("`\(name)` is not a key name: it is empty or holds a space, `+` or a control character")
        }
        self.name = name
        self.kind = kind
        self.publicKey = publicKey
        keyID = Self.keyID(name: name, kind: kind, publicKey: publicKey.encoded)
    }

    /// Reads `name+hash+base64`.
    /// - Throws: `malformed` for any other form, an unknown type or a hash that is not the key's.
    package init(_ text: String) throws(NoteError) {
        let parts = text.utf8.split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformed("a verifier key has the form name+hash+base64") }
        guard let key = Base64.decodeStrict(parts[2]) else { throw .malformed("the verifier key is not strict base64") }
        guard let type = key.first, let kind = Kind(rawValue: type) else {
            throw .malformed("the verifier key has a type that is not known here")
        }
        let publicKey: PublicKey
        do throws(SodiumError) { publicKey = try PublicKey(Array(key.dropFirst())) } catch {
            throw .malformed("a verifier key has 32 bytes")
        }
        guard let name = String(Substring(parts[0])) as String? else { throw .malformed("the name is not UTF-8") }
        try self.init(name: name, kind: kind, publicKey: publicKey)
        guard parts[1].elementsEqual(Self.hex(keyID).utf8) else {
            throw .malformed("the verifier key's hash is not that of its name and key")
        }
    }

    /// Returns whether a signature (without its key id) over a note's text is valid under this key.
    package func verifies(_ signature: [UInt8], of text: [UInt8]) -> Bool {
        switch kind {
        case .ed25519: return publicKey.verifies(signature, of: text)
        case .cosignature:
            guard let cosignature = Cosignature(signature) else { return false }
            return publicKey.verifies(cosignature.signature, of: Cosignature.message(cosignature.time, text))
        }
    }

    /// Returns whether signature lines with this name and key id are attributed to this key.
    package func isSigner(_ name: String, _ keyID: UInt32) -> Bool {
        self.keyID == keyID && self.name.hasSameBytes(as: name)
    }

    static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20 }
    }

    static func keyID(name: String, kind: Kind, publicKey: [UInt8]) -> UInt32 {
        let hash = sha256(Array(name.utf8) + [0x0A, kind.rawValue] + publicKey).array
        return hash.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    static func hex(_ keyID: UInt32) -> String { keyID.zeroPadded(to: 8, radix: 16) }
}

extension VerifierKey: CustomStringConvertible {
    /// `name+hash+base64`.
    package var description: String {
        "\(name)+\(Self.hex(keyID))+\(Base64.encode([kind.rawValue] + publicKey.encoded))"
    }
}

/// Signs notes with an Ed25519 key under a name.
package struct NoteSigner: Sendable {
    /// The public half.
    package let verifierKey: VerifierKey
    private let key: SigningKey

    /// A signer; a log's key has kind `ed25519` and the origin as name, a witness's kind `cosignature`.
    /// - Throws: `malformed` for a name that no key can have.
    package init(name: String, key: SigningKey, kind: VerifierKey.Kind = .ed25519) throws(NoteError) {
        self.key = key
        verifierKey = try VerifierKey(name: name, kind: kind, publicKey: key.publicKey)
    }

    /// The note of a text that ends in a line feed, with this signer's line; a log's key only.
    package func sign(_ text: [UInt8]) -> [UInt8] {
        precondition(verifierKey.kind == .ed25519, "a witness's key signs with a time")
        return text + [UInt8(ascii: "\n")] + line(key.sign(text))
    }

    /// The signature over the structure of a COSE message; a log's key only. No note begins as such a structure does.
    func signStructure(_ structure: [UInt8]) -> [UInt8] {
        precondition(verifierKey.kind == .ed25519, "a witness's key signs with a time")
        return key.sign(structure)
    }

    /// A witness's signature line for a note's text; `time` in seconds since 1970.
    package func cosign(_ text: [UInt8], time: UInt64) -> [UInt8] {
        precondition(verifierKey.kind == .cosignature, "a log's key does not cosign")
        let signature = key.sign(Cosignature.message(time, text))
        return line(Cosignature(time: time, signature: signature).bytes)
    }

    private func line(_ signature: [UInt8]) -> [UInt8] {
        let id = verifierKey.keyID
        let keyID = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: id >> UInt32($0)) }
        return Array("— \(verifierKey.name) \(Base64.encode(keyID + signature))\n".utf8)
    }
}

/// The signature bytes of a cosignature/v1 line: a time and an Ed25519 signature over time and note.
///
/// Source of the format: c2sp.org/tlog-cosignature.
package struct Cosignature: Hashable, Sendable {
    /// The time at which the witness signed, in seconds since 1970.
    package let time: UInt64
    /// The Ed25519 signature over `message(time, text)`.
    package let signature: [UInt8]

    /// The parts of 72 bytes: a big-endian time of at most 2^63 - 1 and 64 bytes of signature.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 72, bytes[0] < 0x80 else { return nil }
        time = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        signature = Array(bytes.dropFirst(8))
    }

    /// A cosignature of its parts.
    package init(time: UInt64, signature: [UInt8]) {
        self.time = time
        self.signature = signature
    }

    /// The 72 bytes.
    package var bytes: [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: time >> UInt64($0)) } + signature
    }

    /// The message that a witness signs.
    package static func message(_ time: UInt64, _ text: [UInt8]) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n".utf8) + text
    }
}
