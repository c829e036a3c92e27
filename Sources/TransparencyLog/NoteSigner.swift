package import Sodium

/// Signs notes with an Ed25519 key under a name.
package struct NoteSigner: Sendable {
    /// The public half.
    package let verifierKey: VerifierKey
    private let key: SigningKey

    /// A signer; a log's key has kind `ed25519` and the origin as name, a witness's kind `cosignature`.
    package init(name: String, key: SigningKey, kind: VerifierKey.Kind = .ed25519) throws(NoteError) {
        self.key = key
        verifierKey = try VerifierKey(name: name, kind: kind, publicKey: key.publicKey)
    }

    /// The note of a text that ends in a line feed, with this signer's line; a log's key only.
    package func sign(_ text: [UInt8]) -> [UInt8] {
        precondition(verifierKey.kind == .ed25519, "a witness's key signs with a time")
        return text + [UInt8(ascii: "\n")] + line(key.sign(text))
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
