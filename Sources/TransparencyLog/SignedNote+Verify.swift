extension SignedNote {
    /// What trusted keys say of a note.
    package struct Verified: Hashable, Sendable {
        /// The keys that signed it, each once, in the order of their lines.
        package let keys: [VerifierKey]
        /// The lines by keys that are not trusted.
        package let unknown: [Signature]
        /// When the cosigners among `keys` signed, in seconds since 1970.
        package let times: [VerifierKey: UInt64]
    }

    /// Checks the lines of trusted keys: each must be valid, and there must be one; other lines are ignored.
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
